//! The TLS form: Meta's host names with a local certificate authority, for clients whose host is
//! fixed. The authority is made at each start and its certificate written where the caller asks;
//! its key is never stored.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::Error;

/// Meta's host names.
pub(crate) const META_HOSTS: &[&str] = &[
    "graph.facebook.com",
    "lookaside.fbsbx.com",
    "api.facebook.com",
    "www.facebook.com",
    "graph.whatsapp.com",
];

/// A server configuration and the authority's certificate in PEM.
pub(crate) fn configure() -> Result<(Arc<ServerConfig>, String), Error> {
    let wrong = |error: rcgen::Error| Error::Tls(error.to_string());
    let ca_key = KeyPair::generate().map_err(wrong)?;
    let mut ca = CertificateParams::new(Vec::new()).map_err(wrong)?;
    ca.distinguished_name
        .push(DnType::CommonName, "Wigwag simulator CA");
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    ca.key_usages = vec![
        KeyUsagePurpose::KeyCertSign,
        KeyUsagePurpose::CrlSign,
        KeyUsagePurpose::DigitalSignature,
    ];
    let ca_certificate = ca.self_signed(&ca_key).map_err(wrong)?;
    let pem = ca_certificate.pem();
    let issuer = Issuer::new(ca, ca_key);
    let key = KeyPair::generate().map_err(wrong)?;
    let mut names: Vec<String> = META_HOSTS.iter().map(|host| (*host).to_owned()).collect();
    names.extend(["localhost".to_owned(), "127.0.0.1".to_owned()]);
    let mut leaf = CertificateParams::new(names).map_err(wrong)?;
    leaf.distinguished_name
        .push(DnType::CommonName, "graph.facebook.com");
    leaf.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    leaf.use_authority_key_identifier_extension = true;
    let certificate = leaf.signed_by(&key, &issuer).map_err(wrong)?;
    let chain: Vec<CertificateDer<'static>> =
        vec![certificate.der().clone(), ca_certificate.der().clone()];
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Tls(error.to_string()))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| Error::Tls(error.to_string()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok((Arc::new(config), pem))
}
