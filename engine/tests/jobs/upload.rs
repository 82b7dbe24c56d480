//! Files that are taken in and handed to Meta.

use std::time::Duration;

use bytes::Bytes;
use wigwag_engine::media::{Kind, Refusal, UploadError, receive, upload_to_meta};
use wigwag_store::media::Media;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::rig::Rig;

/// A WebP file of a canvas, as far as its header says.
fn webp(edge: u32, animated: bool, size: usize) -> Vec<u8> {
    let mut bytes = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0".to_vec();
    bytes.extend([if animated { 2 } else { 0 }, 0, 0, 0]);
    for _ in 0..2 {
        bytes.extend(&(edge - 1).to_le_bytes()[..3]);
    }
    bytes.resize(size, 0);
    bytes
}

async fn take(
    rig: &Rig,
    bytes: &[u8],
    name: Option<&str>,
    wanted: Option<Kind>,
) -> Result<Media, Refusal> {
    let mut receiver = receive(&rig.context, rig.workspace(), wanted).await?;
    for piece in bytes.chunks(64 * 1024) {
        if let Err(refusal) = receiver.push(Bytes::copy_from_slice(piece)).await {
            receiver.abort().await;
            return Err(refusal);
        }
    }
    receiver.finish(name, wanted).await
}

#[db_test]
async fn a_file_goes_to_meta_once_per_number_and_month(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    let file = take(&rig, b"Twelve kites\n", Some("list.csv"), None)
        .await
        .unwrap();
    assert_eq!(
        (file.kind.as_str(), file.mime_type.as_str(), file.size),
        ("document", "text/plain", Some(13))
    );
    let upload = || upload_to_meta(&rig.context, rig.workspace(), file.id, rig.number);
    let first = upload().await.unwrap();
    assert_eq!(upload().await.unwrap(), first);
    let there = rig.meta.media_url(&first, None).await.unwrap();
    assert_eq!(there.file_size, Some(13));
    assert_eq!(there.sha256, file.sha256.as_ref().map(hex::encode));
    rig.advance(&sim, Duration::from_hours(29 * 24) - Duration::from_secs(1));
    assert_eq!(upload().await.unwrap(), first);
    rig.advance(&sim, Duration::from_secs(1));
    let second = upload().await.unwrap();
    assert_ne!(second, first, "before Meta forgets it, it goes there anew");
    let elsewhere = upload_to_meta(&rig.context, rig.workspace(), file.id, rig.db.mint().id());
    assert!(matches!(
        elsewhere.await,
        Err(UploadError::Store(wigwag_store::Error::NotFound))
    ));
    sim.shutdown().await;
    rig.end().await;
}

#[db_test]
async fn a_refusal_of_meta_says_why_and_whether_it_passes(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    let file = take(&rig, b"%PDF-1.7 kites", Some("kites.pdf"), None)
        .await
        .unwrap();
    let address = sim.addr;
    sim.shutdown().await;
    let error = upload_to_meta(&rig.context, rig.workspace(), file.id, rig.number)
        .await
        .unwrap_err();
    assert!(error.passes(), "nobody answers at {address}: {error}");
    let (awaited, _) = rig.incoming("image", "900".to_owned()).await;
    let error = upload_to_meta(&rig.context, rig.workspace(), awaited, rig.number)
        .await
        .unwrap_err();
    assert!(matches!(error, UploadError::NotReady) && !error.passes());
    assert_eq!(error.reason(), "media_unavailable");
    rig.end().await;
}

#[db_test]
async fn bytes_are_judged_by_metas_table(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    let jpeg = |size: usize| {
        let mut bytes = b"\xff\xd8\xff\xe0".to_vec();
        bytes.resize(size, 1);
        bytes
    };
    let limit = 5 << 20;
    let image = take(&rig, &jpeg(limit), None, Some(Kind::Image)).await;
    assert_eq!(image.unwrap().kind, "image");
    match take(&rig, &jpeg(limit + 1), None, None).await {
        Err(Refusal::TooLarge { limit: most, .. }) => assert_eq!(most, limit as u64),
        other => panic!("{other:?}"),
    }
    let document = take(&rig, &jpeg(9), Some("x.jpg"), Some(Kind::Document)).await;
    assert_eq!(document.unwrap().kind, "document");
    assert!(matches!(
        take(&rig, &jpeg(9), None, Some(Kind::Audio)).await,
        Err(Refusal::WrongKind {
            wanted: Kind::Audio,
            ..
        })
    ));
    assert!(matches!(
        take(&rig, b"", Some("x.jpg"), None).await,
        Err(Refusal::Empty)
    ));
    match take(&rig, b"GIF89a\x01\0\x01\0", Some("x.jpg"), None).await {
        Err(Refusal::Unsupported { mime_type }) => assert_eq!(mime_type, "image/gif"),
        other => panic!("{other:?}"),
    }
    let still = take(&rig, &webp(512, false, 100 << 10), None, None).await;
    assert_eq!(still.unwrap().kind, "sticker");
    for (bytes, size) in [
        (webp(512, false, (100 << 10) + 1), 100 << 10),
        (webp(512, true, (500 << 10) + 1), 500 << 10),
    ] {
        match take(&rig, &bytes, None, None).await {
            Err(Refusal::TooLarge { limit, .. }) => assert_eq!(limit, size),
            other => panic!("{other:?}"),
        }
    }
    assert!(
        take(&rig, &webp(512, true, 500 << 10), None, None)
            .await
            .is_ok()
    );
    assert!(matches!(
        take(&rig, &webp(256, false, 900), None, None).await,
        Err(Refusal::StickerSize {
            dimensions: Some((256, 256))
        })
    ));
    assert!(matches!(
        take(&rig, &webp(512, false, 900), None, Some(Kind::Image)).await,
        Err(Refusal::WrongKind { .. })
    ));
    let kept = rig.count("SELECT COUNT(*) FROM media").await;
    assert_eq!(kept, 4, "what was refused left no row");
    sim.shutdown().await;
    rig.end().await;
}
