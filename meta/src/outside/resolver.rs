//! Names become addresses here, at the moment of connecting, and only those that may be connected
//! to come out. There is no second look-up that could answer otherwise.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::Allowed;

/// The addresses of a name.
pub type Found = Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>>;

/// Finds the addresses of a name: the machine's own way, or a test's.
pub trait Lookup: Send + Sync + 'static {
    /// All addresses of a name, in the order in which they are to be tried.
    fn lookup(&self, name: String) -> Found;
}

/// The machine's own way.
#[derive(Debug, Clone, Copy)]
pub struct Machine;

impl Lookup for Machine {
    fn lookup(&self, name: String) -> Found {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// No address of the name may be connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the name leads to no public address")]
pub(super) struct NotPublic;

/// Gives the addresses that may be connected to.
pub(super) struct Guard {
    pub(super) allowed: Arc<Allowed>,
    pub(super) lookup: Arc<dyn Lookup>,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (allowed, name) = (self.allowed.clone(), name.as_str().to_owned());
        let looking = self.lookup.lookup(name.clone());
        Box::pin(async move {
            let right: Vec<SocketAddr> = looking
                .await?
                .into_iter()
                .filter(|address| allowed.admits(Some(&name), *address))
                .map(|address| SocketAddr::new(address, 0))
                .collect();
            if right.is_empty() {
                return Err(NotPublic.into());
            }
            Ok(Box::new(right.into_iter()) as Addrs)
        })
    }
}
