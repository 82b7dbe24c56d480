//! HTTP/1.1 over one kept-alive connection, with as little work per request as possible: the load
//! generator shares two cores with what it measures. Loopback only, no TLS, no redirects, no retries.

use std::io;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection; requests go one after the other.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The whole body.
    pub(crate) body: Vec<u8>,
    /// The server closes the connection after this reply.
    closes: bool,
}

impl Connection {
    /// Connect to a server on this machine.
    pub(crate) async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(16 * 1024),
        })
    }

    /// Write a whole request and read its reply.
    ///
    /// # Errors
    /// The reply did not come whole: the server may or may not have acted on the request.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> io::Result<Reply> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break Head::parse(&self.buffer[..end], end + 4)?;
            }
            self.fill().await?;
        };
        let body = match head.length {
            Length::Known(length) => {
                while self.buffer.len() < head.end + length {
                    self.fill().await?;
                }
                self.buffer[head.end..head.end + length].to_vec()
            }
            Length::Chunked => self.chunks(head.end).await?,
        };
        Ok(Reply {
            status: head.status,
            body,
            closes: head.closes,
        })
    }

    async fn fill(&mut self) -> io::Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "the server hung up",
            ));
        }
        Ok(())
    }

    async fn chunks(&mut self, start: usize) -> io::Result<Vec<u8>> {
        let mut at = start;
        let mut body = Vec::new();
        loop {
            let line = loop {
                match find(&self.buffer[at..], b"\r\n") {
                    Some(end) => break at + end,
                    None => self.fill().await?,
                }
            };
            let size = std::str::from_utf8(&self.buffer[at..line])
                .ok()
                .and_then(|text| usize::from_str_radix(text.split(';').next()?.trim(), 16).ok())
                .ok_or_else(|| malformed("chunk size"))?;
            let from = line + 2;
            while self.buffer.len() < from + size + 2 {
                self.fill().await?;
            }
            body.extend_from_slice(&self.buffer[from..from + size]);
            at = from + size + 2;
            if size == 0 {
                return Ok(body);
            }
        }
    }
}

/// A connection that is opened again after it broke or was closed.
pub(crate) struct Client {
    address: SocketAddr,
    connection: Option<Connection>,
}

impl Client {
    /// A client that connects with its first request.
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self {
            address,
            connection: None,
        }
    }

    /// As [`Connection::exchange`], on a fresh connection where the last one is gone.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> io::Result<Reply> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::open(self.address).await?,
        };
        let reply = connection.exchange(request).await?;
        if !reply.closes {
            self.connection = Some(connection);
        }
        Ok(reply)
    }
}

/// A request with a JSON body (or none) and extra headers.
pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256 + body.len());
    bytes.extend_from_slice(format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n").as_bytes());
    for (name, value) in headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    if !body.is_empty() {
        bytes.extend_from_slice(b"content-type: application/json\r\n");
    }
    bytes.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
    bytes.extend_from_slice(body);
    bytes
}

struct Head {
    status: u16,
    length: Length,
    closes: bool,
    end: usize,
}

enum Length {
    Known(usize),
    Chunked,
}

impl Head {
    fn parse(bytes: &[u8], end: usize) -> io::Result<Self> {
        let text = std::str::from_utf8(bytes).map_err(|_| malformed("head"))?;
        let mut lines = text.split("\r\n");
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1))
            .and_then(|status| status.parse().ok())
            .ok_or_else(|| malformed("status line"))?;
        let mut head = Self {
            status,
            length: Length::Known(0),
            closes: false,
            end,
        };
        for line in lines {
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim();
            if name.eq_ignore_ascii_case("content-length") {
                let length = value.parse().map_err(|_| malformed("content-length"))?;
                head.length = Length::Known(length);
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                head.length = Length::Chunked;
            } else if name.eq_ignore_ascii_case("connection") {
                head.closes = value.eq_ignore_ascii_case("close");
            }
        }
        Ok(head)
    }
}

fn malformed(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("malformed {what} in the reply"),
    )
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    /// A server that answers each connection with `reply`, in two pieces, and hangs up.
    async fn serve(reply: &'static [u8]) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 1024];
                let _ = stream.read(&mut request).await;
                let (head, tail) = reply.split_at(reply.len() / 2);
                let _ = stream.write_all(head).await;
                tokio::task::yield_now().await;
                let _ = stream.write_all(tail).await;
            }
        });
        address
    }

    #[tokio::test]
    async fn a_reply_of_known_length_is_read_whole() {
        let address = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello").await;
        let reply = Client::new(address)
            .exchange(&request("GET", "/", &[], b""))
            .await
            .unwrap();
        assert_eq!(
            (reply.status, reply.body.as_slice()),
            (200, b"hello".as_slice())
        );
    }

    #[tokio::test]
    async fn a_chunked_reply_is_joined() {
        let address = serve(
            b"HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        )
        .await;
        let reply = Client::new(address)
            .exchange(&request("GET", "/", &[], b""))
            .await
            .unwrap();
        assert_eq!(
            (reply.status, reply.body.as_slice()),
            (202, b"abcde".as_slice())
        );
    }

    #[tokio::test]
    async fn half_a_reply_is_no_reply() {
        let address = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello").await;
        let outcome = Client::new(address)
            .exchange(&request("GET", "/", &[], b""))
            .await;
        assert_eq!(outcome.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }
}
