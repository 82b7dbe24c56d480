//! A wire between the product and the simulator that counts requests without a reply.
//! It passes bytes on unchanged, replies a little late; a request counts from its first byte until its
//! reply is passed on. Who is killed meanwhile has sent something that was accepted and never knew.

use anyhow::Result;
use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// The wire; it lasts as long as the task set that it was made in.
pub(crate) struct Watch {
    address: SocketAddr,
    waiting: Rc<Cell<i64>>,
}

impl Watch {
    /// Listen on a free loopback port and connect each caller to `target`, whose replies are held back
    /// for `delay`. Inside a `LocalSet` only.
    pub(crate) async fn before(target: SocketAddr, delay: Duration) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let waiting = Rc::new(Cell::new(0));
        let total = Rc::clone(&waiting);
        tokio::task::spawn_local(async move {
            while let Ok((caller, _)) = listener.accept().await {
                let total = Rc::clone(&total);
                tokio::task::spawn_local(async move {
                    if let Ok(called) = TcpStream::connect(target).await {
                        pass(caller, called, delay, total).await;
                    }
                });
            }
        });
        Ok(Self { address, waiting })
    }

    /// The address to give to the product.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Requests that have begun and have no reply yet.
    pub(crate) fn waiting(&self) -> i64 {
        self.waiting.get()
    }
}

/// One connection's share of the count.
struct Share {
    total: Rc<Cell<i64>>,
    open: Cell<bool>,
}

impl Share {
    fn set(&self, open: bool) {
        if self.open.replace(open) != open {
            self.total.set(self.total.get() + if open { 1 } else { -1 });
        }
    }
}

async fn pass(caller: TcpStream, called: TcpStream, delay: Duration, total: Rc<Cell<i64>>) {
    let _ = caller.set_nodelay(true);
    let _ = called.set_nodelay(true);
    let share = Share {
        total,
        open: Cell::new(false),
    };
    let (caller_in, caller_out) = caller.into_split();
    let (called_in, called_out) = called.into_split();
    // The end of either direction ends the connection, as the end of a process does.
    tokio::select! {
        () = copy(caller_in, called_out, Duration::ZERO, || share.set(true)) => {}
        () = copy(called_in, caller_out, delay, || share.set(false)) => {}
    }
    share.set(false);
}

async fn copy(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, delay: Duration, seen: impl Fn()) {
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(count) = from.read(&mut bytes).await {
        if count == 0 {
            return;
        }
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        seen();
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::http::{Client, request};
    use tokio::task::LocalSet;

    #[tokio::test]
    async fn a_request_counts_until_its_reply() {
        LocalSet::new()
            .run_until(async {
                let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
                let watch = Watch::before(server.local_addr().unwrap(), Duration::ZERO)
                    .await
                    .unwrap();
                let mut client = Client::new(watch.address);
                let asked = tokio::task::spawn_local(async move {
                    client
                        .exchange(&request("GET", "/", &[], b""))
                        .await
                        .unwrap()
                        .status
                });
                let (mut stream, _) = server.accept().await.unwrap();
                let mut bytes = [0; 1024];
                assert!(stream.read(&mut bytes).await.unwrap() > 0);
                assert_eq!(watch.waiting(), 1);
                stream
                    .write_all(b"HTTP/1.1 204 No Content\r\n\r\n")
                    .await
                    .unwrap();
                assert_eq!(asked.await.unwrap(), 204);
                assert_eq!(watch.waiting(), 0);
            })
            .await;
    }
}
