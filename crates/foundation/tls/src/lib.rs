//! TLS of the connections we open: to mail servers, to whatever is called by HTTP, to PostgreSQL.
//!
//! They believe the certificate authorities the machine trusts, and those the operator adds. The certificate and its name
//! are always checked: encryption to nobody in particular protects nothing, so there is no way to switch that off.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use kernel::{Error, Kind, Result};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore, crypto};
use tokio_rustls::TlsConnector;

/// The connector of one client. The machine's authorities are a hundred and more, and reading them is a quarter of a start,
/// so they are read when the first connection needs them.
#[derive(Clone)]
pub struct Tls(Arc<Believed>);

struct Believed {
    added: RootCertStore,
    protocol: Option<&'static str>,
    connector: OnceLock<TlsConnector>,
}

impl Tls {
    /// Believes the machine's authorities, and those in the PEM file `ca`, which has to be readable now. `protocol` is
    /// offered to the other side (ALPN), such as `http/1.1`.
    pub fn new(ca: Option<&Path>, protocol: Option<&'static str>) -> Result<Self> {
        let added = ca.map_or_else(|| Ok(RootCertStore::empty()), authorities)?;
        Ok(Tls(Arc::new(Believed { added, protocol, connector: OnceLock::new() })))
    }

    /// The connector. Fails when nobody is believed, because the machine has no authorities and none were added.
    pub fn connector(&self) -> Result<&TlsConnector> {
        let believed = &*self.0;
        if let Some(connector) = believed.connector.get() {
            return Ok(connector);
        }
        let mut config = believing(believed.added.clone())?;
        config.alpn_protocols.extend(believed.protocol.map(|protocol| protocol.as_bytes().to_vec()));
        Ok(believed.connector.get_or_init(|| TlsConnector::from(Arc::new(config))))
    }
}

/// What a client library of another protocol is given: it believes the machine's authorities.
pub fn client_config() -> Result<ClientConfig> {
    believing(RootCertStore::empty())
}

fn believing(mut roots: RootCertStore) -> Result<ClientConfig> {
    let machine = rustls_native_certs::load_native_certs();
    // A machine may hold certificates nobody can read; the others still count.
    roots.add_parsable_certificates(machine.certs);
    if roots.is_empty() {
        let words =
            "TLS needs the machine's certificate authorities; none were found (Debian: ca-certificates).";
        return Err(
            Error::new(Kind::Invalid, "no_certificates", words).detail(format!("{:?}", machine.errors))
        );
    }
    let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::internal(format!("TLS settings: {error}")))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// What is in a PEM file, which has to hold at least one.
fn authorities(file: &Path) -> Result<RootCertStore> {
    let unreadable = |error: &dyn std::fmt::Display| {
        Error::invalid("bad_ca", format!("The certificates in {} can't be read: {error}.", file.display()))
    };
    let mut added = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unreadable(&error))? {
        let certificate = certificate.map_err(|error| unreadable(&error))?;
        added.add(certificate).map_err(|error| unreadable(&error))?;
    }
    if added.is_empty() { Err(unreadable(&"there is none in it")) } else { Ok(added) }
}
