//! What starts runs without anybody doing anything: those who are in already, who enters a segment
//! because time has passed, whose day comes.

use std::time::Duration;

use wigwag_model::audience::Filter;
use wigwag_model::campaign::Zoned;
use wigwag_model::campaign::ongoing::Trigger;
use wigwag_model::{ContactId, Timestamp};
use wigwag_store::campaigns::ongoing::{self, Definition, Enrol, Watch};
use wigwag_store::{Error, audience, workspaces};

use super::admit::zone_of;
use crate::{Context, wait};

/// How often it is looked for what is to be looked at.
const BEAT: Duration = Duration::from_secs(1);
/// How often a segment is asked who has entered it.
const SEGMENTS: Duration = Duration::from_mins(1);
/// How often it is looked whose day comes.
const DAYS: Duration = Duration::from_mins(10);
/// How far ahead.
const AHEAD: Duration = Duration::from_hours(1);
/// How long a day before the first look is still looked for.
const BEHIND: Duration = Duration::from_mins(10);
/// People of one transaction.
const PIECE: u32 = 1_000;
/// A day, in µs.
const DAY_US: i64 = 86_400_000_000;

/// Starts the task.
pub(crate) fn start(context: &Context) {
    context.tasks().spawn(serve(context.clone()));
}

async fn serve(context: Context) {
    while !context.stop().is_cancelled() {
        if let Err(error) = everywhere(&context).await {
            tracing::warn!(%error, "it could not be looked at who starts on-going campaigns");
        }
        let next = context.clock().now().plus(BEAT);
        tokio::select! {
            () = context.stop().cancelled() => {}
            () = context.campaigns().rung() => {}
            () = wait::until(context.clock(), next) => {}
        }
    }
}

async fn everywhere(context: &Context) -> wigwag_store::Result<()> {
    for watch in ongoing::watches(context.db()).await? {
        if context.stop().is_cancelled() {
            return Ok(());
        }
        match look(context, &watch).await {
            Ok(()) => {}
            // Somebody else looks after it, or it was changed meanwhile.
            Err(Error::Stale) => {}
            Err(error) => {
                tracing::warn!(%error, campaign = %watch.campaign, "an on-going campaign could not be looked at");
            }
        }
    }
    Ok(())
}

async fn look(context: &Context, watch: &Watch) -> wigwag_store::Result<()> {
    let every = if watch.by_days { DAYS } else { SEGMENTS };
    if watch.enrol == Enrol::Done && since(context, watch) < every {
        return Ok(());
    }
    let mut on = context.db().reader().await?;
    let definition =
        ongoing::definition(&mut on, watch.workspace, watch.campaign, watch.definition).await?;
    drop(on);
    let Some(trigger) = &definition.ongoing.trigger else {
        return Ok(());
    };
    if watch.enrol != Enrol::Done {
        return enrol(context, watch, trigger).await;
    }
    match trigger {
        Trigger::SegmentEntered { segment_id } => {
            segment(context, watch, &Filter::Segment(*segment_id)).await
        }
        Trigger::Date { .. } => days(context, watch, &definition, trigger).await,
        _ => Ok(()),
    }
}

/// How long ago it was last looked at.
fn since(context: &Context, watch: &Watch) -> Duration {
    watch
        .looked_at
        .map_or(Duration::MAX, |at| context.clock().now().since(at))
}

/// Takes in those who are in already, a piece at a time.
async fn enrol(context: &Context, watch: &Watch, trigger: &Trigger) -> wigwag_store::Result<()> {
    let (filter, segment) = match trigger {
        Trigger::SegmentEntered { segment_id } => (Filter::Segment(*segment_id), true),
        Trigger::TagAdded { tag } => (Filter::Tag(tag.clone()), false),
        _ => (Filter::everyone(), false),
    };
    let now = context.clock().now();
    let mut watch = watch.clone();
    while watch.enrol != Enrol::Done && !context.stop().is_cancelled() {
        let mut on = context.db().snapshot().await?;
        let (workspace, after) = (watch.workspace, watch.enrol_after);
        let people = audience::ids(&mut on, workspace, &filter, now, after, PIECE).await?;
        drop(on);
        let full = people.len() == PIECE as usize;
        let last = people.last().copied().filter(|_| full);
        ongoing::enrol(context.db(), &watch, people, last, segment).await?;
        context.campaigns().ring();
        watch.enrol_after = last;
        if last.is_none() {
            watch.enrol = Enrol::Done;
        }
    }
    Ok(())
}

/// Notes who has entered a segment and who has left it.
async fn segment(context: &Context, watch: &Watch, filter: &Filter) -> wigwag_store::Result<()> {
    let now = context.clock().now();
    let mut on = context.db().snapshot().await?;
    let (entered, left) =
        audience::moved(&mut on, watch.workspace, filter, now, watch.campaign).await?;
    drop(on);
    let piece = PIECE as usize;
    for entered in entered.chunks(piece) {
        ongoing::moved(context.db(), watch, entered.to_vec(), Vec::new()).await?;
        context.campaigns().ring();
    }
    for left in left.chunks(piece) {
        ongoing::moved(context.db(), watch, Vec::new(), left.to_vec()).await?;
    }
    ongoing::looked(context.db(), watch, now).await
}

/// Begins the runs of those whose day comes within the hour.
async fn days(
    context: &Context,
    watch: &Watch,
    definition: &Definition,
    trigger: &Trigger,
) -> wigwag_store::Result<()> {
    let Trigger::Date {
        r#trait,
        offset_days,
        yearly,
        ..
    } = trigger
    else {
        return Ok(());
    };
    let now = context.clock().now();
    let workspace = watch.workspace;
    // What came while nobody looked comes late, not never: runs know how late is too late.
    let from = watch.looked_at.unwrap_or_else(|| now.minus(BEHIND));
    let until = now.plus(AHEAD);
    let zone = workspaces::get(context.db(), workspace).await?.time_zone;
    let spans = spans(from, until, *offset_days, *yearly);
    let limit = i64::from(PIECE);
    let mut after: Option<ContactId> = None;
    loop {
        let mut on = context.db().snapshot().await?;
        let named = ongoing::days(&mut on, workspace, r#trait, &spans, after, limit).await?;
        let ids: Vec<ContactId> = named.iter().map(|(contact, _)| *contact).collect();
        let everyone = Filter::everyone();
        let people = audience::among(&mut on, workspace, &everyone, now, None, &ids).await?;
        drop(on);
        let mut reached = Vec::new();
        for person in &people {
            let of = definition.ongoing.zone_trait.as_deref();
            let zone: Zoned = zone_of(person, of, &zone);
            let named = named
                .iter()
                .find(|(contact, _)| *contact == person.contact.id);
            if let Some((contact, day)) = named
                && let Some((at, day)) = trigger.reached(*day, from, &zone)
                && at <= until
            {
                reached.push((*contact, at, day));
            }
        }
        if !reached.is_empty() {
            ongoing::reached(context.db(), watch, reached).await?;
        }
        after = ids.last().copied();
        if ids.len() < PIECE as usize || context.stop().is_cancelled() {
            break;
        }
    }
    ongoing::looked(context.db(), watch, now).await
}

/// The spans in which a trait may name a day that some clock of the earth reaches between two instants,
/// in µs: two days to either side for clocks, offsets into other months and 29 February.
fn spans(from: Timestamp, until: Timestamp, offset_days: i32, yearly: bool) -> Vec<(i64, i64)> {
    let shift = i64::from(offset_days) * DAY_US;
    let low = from.as_micros() - shift - 2 * DAY_US;
    let high = until.as_micros() - shift + 2 * DAY_US;
    if !yearly {
        return vec![(low, high)];
    }
    // A year is 365.2425 days; what that is off by in 130 years is within the two days.
    (0..=130)
        .map(|years| {
            let back = (365.2425 * DAY_US as f64 * f64::from(years)) as i64;
            (low - back - DAY_US, high - back + DAY_US)
        })
        .collect()
}
