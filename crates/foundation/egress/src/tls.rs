//! TLS with the certificate authorities the machine trusts, and those the operator adds.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use kernel::{Error, Result};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore, crypto};
use tokio_rustls::TlsConnector;

/// The connector of a client's calls. The machine's authorities are a hundred and more, and reading them is a quarter of a
/// start, so it is made when the first call needs it.
#[derive(Clone, Default)]
pub(crate) struct Tls(Arc<OnceLock<TlsConnector>>);

impl Tls {
    /// With further authorities, which have to be readable now.
    pub(crate) fn trusting(ca: &Path) -> Result<Self> {
        Ok(Tls(Arc::new(OnceLock::from(connector(Some(ca))?))))
    }

    /// The connector.
    pub(crate) fn connector(&self) -> Result<&TlsConnector> {
        match self.0.get() {
            Some(connector) => Ok(connector),
            None => connector(None).map(|made| self.0.get_or_init(|| made)),
        }
    }
}

/// `ca` adds authorities; there is no way to switch the check off.
fn connector(ca: Option<&Path>) -> Result<TlsConnector> {
    let mut roots = RootCertStore::empty();
    // A machine may hold certificates nobody can read; the others still count.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(file) = ca {
        add_authorities(&mut roots, file)?;
    }
    let provider = Arc::new(crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::internal(format!("TLS settings: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsConnector::from(Arc::new(config)))
}

fn add_authorities(roots: &mut RootCertStore, file: &Path) -> Result<()> {
    let unreadable = |error: &dyn std::fmt::Display| {
        Error::invalid("bad_ca", format!("The certificates in {} can't be read: {error}.", file.display()))
    };
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unreadable(&error))? {
        let certificate = certificate.map_err(|error| unreadable(&error))?;
        roots.add(certificate).map_err(|error| unreadable(&error))?;
    }
    Ok(())
}
