//! TLS towards the mail server, with the certificate authorities the machine trusts.

use std::path::Path;
use std::sync::Arc;

use kernel::{Error, Result};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore, crypto};
use tokio_rustls::TlsConnector;

/// The connector for all sessions. `ca` adds authorities, for servers with a private one; there is no way to
/// switch the check off.
pub(super) fn connector(ca: Option<&Path>) -> Result<TlsConnector> {
    let mut roots = RootCertStore::empty();
    // A machine may hold certificates nobody can read; the others still count.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(file) = ca {
        add_authorities(&mut roots, file)?;
    }
    let provider = Arc::new(crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::internal(format!("TLS settings: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

fn add_authorities(roots: &mut RootCertStore, file: &Path) -> Result<()> {
    let unreadable = |error: &dyn std::fmt::Display| {
        let words = format!("The certificates for mail in {} can't be read: {error}.", file.display());
        Error::invalid("bad_mail_ca", words)
    };
    let certificates = CertificateDer::pem_file_iter(file).map_err(|error| unreadable(&error))?;
    let mut added = 0;
    for certificate in certificates {
        let certificate = certificate.map_err(|error| unreadable(&error))?;
        roots.add(certificate).map_err(|error| unreadable(&error))?;
        added += 1;
    }
    if added == 0 { Err(unreadable(&"there is none in it")) } else { Ok(()) }
}
