//! Load over HTTP: kept-alive connections that ask one after the other. Owns the client, kept bare so that it costs little of two cores.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// What a load came to.
pub struct Came {
    /// Requests per second.
    pub rate: f64,
    /// 99 of 100 answers came within this, ms.
    pub p99_ms: f64,
}

/// The text of a request.
pub fn request(method: &str, path: &str, token: &str, key: Option<&str>, body: &str) -> Vec<u8> {
    let key = key.map_or_else(String::new, |key| format!("idempotency-key: {key}\r\n"));
    format!(
        "{method} /api/v1{path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n{key}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Sends `count` requests over `connections`, each made by `make` of its number; every answer must be 200.
pub async fn load<F>(address: &str, connections: usize, count: usize, make: F) -> Result<Came, Box<dyn Error>>
where
    F: Fn(usize) -> Vec<u8> + Send + Sync + 'static,
{
    let (next, make) = (Arc::new(AtomicUsize::new(0)), Arc::new(make));
    let began = Instant::now();
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..connections {
        let (next, make, address) = (next.clone(), make.clone(), address.to_owned());
        callers.spawn(async move { caller(&address, &next, count, make.as_ref()).await.map_err(|why| why.to_string()) });
    }
    let mut took = Vec::with_capacity(count);
    while let Some(ended) = callers.join_next().await {
        took.extend(ended??);
    }
    let rate = count as f64 / began.elapsed().as_secs_f64();
    took.sort_unstable();
    let p99 = took.get(took.len() * 99 / 100).copied().unwrap_or_default();
    Ok(Came { rate, p99_ms: p99.as_secs_f64() * 1e3 })
}

async fn caller(
    address: &str,
    next: &AtomicUsize,
    count: usize,
    make: &(dyn Fn(usize) -> Vec<u8> + Send + Sync),
) -> Result<Vec<Duration>, Box<dyn Error + Send + Sync>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    let mut took = Vec::new();
    let (mut line, mut body) = (String::new(), Vec::new());
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        if n >= count {
            return Ok(took);
        }
        let request = make(n);
        let began = Instant::now();
        stream.get_mut().write_all(&request).await?;
        answer(&mut stream, &mut line, &mut body).await?;
        took.push(began.elapsed());
    }
}

async fn answer(stream: &mut BufReader<TcpStream>, line: &mut String, body: &mut Vec<u8>) -> Result<(), Box<dyn Error + Send + Sync>> {
    line.clear();
    stream.read_line(line).await?;
    let fine = line.starts_with("HTTP/1.1 200");
    let status = line.trim().to_owned();
    let mut length = 0;
    loop {
        line.clear();
        if stream.read_line(line).await? <= 2 {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse()?;
        }
    }
    body.resize(length, 0);
    stream.read_exact(body).await?;
    if fine { Ok(()) } else { Err(format!("{status}: {}", String::from_utf8_lossy(body)).into()) }
}
