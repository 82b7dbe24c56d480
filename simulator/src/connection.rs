//! Connections that can be cut: a fault closes the connection without an answer. With TLS the plain
//! port is also a proxy for Meta's host names, for clients whose host is fixed.
//!
//! Cutting happens when the answer is about to be written, so the client sees its request taken and
//! then nothing.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{self, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::tls::META_HOSTS;

/// Cuts the connection that a request came on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cut(Arc<AtomicBool>);

impl Cut {
    /// Nothing more is written to the connection.
    pub(crate) fn now(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn is_cut(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// A plain or TLS stream.
pub(crate) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// A stream with a cut.
pub(crate) struct CutStream {
    stream: Stream,
    cut: Cut,
}

impl CutStream {
    fn new(stream: Stream) -> Self {
        Self {
            stream,
            cut: Cut::default(),
        }
    }
}

impl AsyncRead for CutStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Stream::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for CutStream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.cut.is_cut() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        match &mut this.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Stream::Tls(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

/// Plain HTTP.
pub(crate) struct PlainListener(pub(crate) TcpListener);

impl Listener for PlainListener {
    type Io = CutStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (CutStream, SocketAddr) {
        let (stream, addr) = Listener::accept(&mut self.0).await;
        let _ = stream.set_nodelay(true);
        (CutStream::new(Stream::Plain(stream)), addr)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// How a connection becomes one that speaks HTTP.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Welcome {
    /// A TLS handshake comes first.
    Tls,
    /// Plain, unless the client takes us for its proxy and asks for one of Meta's hosts.
    PlainOrTunnel,
}

/// A listener whose connections are made ready beside each other: a slow one holds up nobody.
pub(crate) struct ReadyListener {
    addr: SocketAddr,
    ready: mpsc::Receiver<(CutStream, SocketAddr)>,
}

impl ReadyListener {
    /// Starts accepting.
    pub(crate) fn start(
        listener: TcpListener,
        acceptor: TlsAcceptor,
        welcome: Welcome,
    ) -> io::Result<Self> {
        let addr = listener.local_addr()?;
        let (sender, ready) = mpsc::channel(64);
        tokio::spawn(async move {
            let mut listener = listener;
            loop {
                let (stream, peer) = Listener::accept(&mut listener).await;
                let _ = stream.set_nodelay(true);
                let (acceptor, sender) = (acceptor.clone(), sender.clone());
                if sender.is_closed() {
                    return;
                }
                tokio::spawn(async move {
                    let stream = match welcome {
                        Welcome::Tls => handshake(&acceptor, stream).await,
                        Welcome::PlainOrTunnel => plain_or_tunnel(&acceptor, stream).await,
                    };
                    match stream {
                        Ok(stream) => {
                            let _ = sender.send((stream, peer)).await;
                        }
                        Err(error) => tracing::debug!(%error, "a connection was not made ready"),
                    }
                });
            }
        });
        Ok(Self { addr, ready })
    }
}

async fn handshake(acceptor: &TlsAcceptor, stream: TcpStream) -> io::Result<CutStream> {
    let stream = acceptor.accept(stream).await?;
    Ok(CutStream::new(Stream::Tls(Box::new(stream))))
}

/// Looks at the first byte: of all methods only CONNECT starts with a C.
async fn plain_or_tunnel(acceptor: &TlsAcceptor, mut stream: TcpStream) -> io::Result<CutStream> {
    let mut first = [0];
    if stream.peek(&mut first).await? == 0 || first != *b"C" {
        return Ok(CutStream::new(Stream::Plain(stream)));
    }
    let host = connect_host(&mut stream).await?;
    if !META_HOSTS.contains(&host.as_str()) {
        stream
            .write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            .await?;
        return Err(io::Error::other(format!(
            "asked for a tunnel to {host}, which is no host of Meta's"
        )));
    }
    stream
        .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
        .await?;
    handshake(acceptor, stream).await
}

/// Reads the head of a CONNECT request and gives the host that it names.
async fn connect_host(stream: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() == 8 << 10 {
            return Err(io::ErrorKind::InvalidData.into());
        }
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head);
    let target = head.split(' ').nth(1).unwrap_or_default();
    Ok(target
        .split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase())
}

impl Listener for ReadyListener {
    type Io = CutStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (CutStream, SocketAddr) {
        match self.ready.recv().await {
            Some(accepted) => accepted,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.addr)
    }
}

impl Connected<IncomingStream<'_, PlainListener>> for Cut {
    fn connect_info(stream: IncomingStream<'_, PlainListener>) -> Self {
        stream.io().cut.clone()
    }
}

impl Connected<IncomingStream<'_, ReadyListener>> for Cut {
    fn connect_info(stream: IncomingStream<'_, ReadyListener>) -> Self {
        stream.io().cut.clone()
    }
}
