// libhimmelblau, unchanged, asks the registration service about a domain, gets a nonce where that document sends it, and has
// a device joined in the name of the person whose token it is told on standard input.

use himmelblau::discovery::{EnrollAttrs, Services};
use himmelblau::error::MsalError;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Public};
use openssl::rsa::Rsa;
use openssl::x509::{X509NameBuilder, X509ReqBuilder};

/// A fresh key's certificate request, in DER, and a transport key, as a caller of libhimmelblau has to bring them.
fn keys() -> Result<(Vec<u8>, Rsa<Public>), ErrorStack> {
    let own = PKey::from_rsa(Rsa::generate(2048)?)?;
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_text("CN", "7E980AD9-B86D-4306-9425-9AC066FB014A")?;
    let mut request = X509ReqBuilder::new()?;
    request.set_subject_name(&name.build())?;
    request.set_pubkey(&own)?;
    request.sign(&own, MessageDigest::sha256())?;
    let transport = Rsa::generate(2048)?;
    let public = Rsa::from_public_components(transport.n().to_owned()?, transport.e().to_owned()?)?;
    Ok((request.build().to_der()?, public))
}

async fn asked(token: &str, domain: &str, tenant: &str) -> Result<(), MsalError> {
    let services = Services::new(token, domain).await?;
    let join = services.device_join_service.as_ref();
    println!("join {}", join.and_then(|it| it.endpoint.as_deref()).unwrap_or("-"));
    let told = services.tenant_info.as_ref();
    println!("tenant {}", told.and_then(|it| it.tenant_id.as_deref()).unwrap_or("-"));
    println!("nonce {}", services.request_nonce(tenant, token).await?);
    let (request, transport) = keys().map_err(|error| MsalError::GeneralFailure(error.to_string()))?;
    let called = Some("HIMMELBLAU".to_string());
    let device = EnrollAttrs::new(domain.to_string(), called, None, Some(0), None)?;
    let (_, id) = services.enroll_device(token, device, &transport, &request).await?;
    println!("device {id}");
    Ok(())
}

fn main() {
    let told: Vec<String> = std::env::args().collect();
    let [_, domain, tenant] = told.as_slice() else {
        eprintln!("expected a domain and a tenant");
        std::process::exit(2);
    };
    let token = std::io::read_to_string(std::io::stdin()).unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let done = runtime.map_err(|error| MsalError::GeneralFailure(error.to_string()));
    if let Err(error) = done.and_then(|it| it.block_on(asked(token.trim(), domain, tenant))) {
        eprintln!("{error:?}");
        std::process::exit(1);
    }
}
