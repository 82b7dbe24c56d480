//! Filters of one part, counted by one statement: no id leaves the database.

use wigwag_model::WorkspaceId;
use wigwag_model::audience::Plan;

use super::found::all_contacts;
use super::part::Part;
use super::statement::Builder;
use crate::{Dialect, Result, Snapshot};

/// A plan that is one part, or all but that part, of a table in which no contact stands twice: the rows are
/// the contacts.
pub(super) struct Alone<'p> {
    leaf: &'p Plan,
    /// All but the part are meant.
    turned: bool,
    /// How its rows are asked for; nothing for everybody.
    asked: Option<(Builder, Part)>,
}

impl<'p> Alone<'p> {
    /// The one part that a plan is; nothing for any other plan.
    pub(super) fn of(on: &mut Snapshot, workspace: WorkspaceId, plan: &'p Plan) -> Option<Self> {
        let (leaf, turned) = bare(plan);
        let mut builder = Builder::new(on, workspace, None);
        let asked = match Part::of(&mut builder, leaf) {
            Some(part) if part.once => Some((builder, part)),
            None if matches!(leaf, Plan::Everyone) => None,
            _ => return None,
        };
        Some(Self {
            leaf,
            turned,
            asked,
        })
    }

    /// How many that are; nothing where more than a few became others: these are to be subtracted, and would
    /// have to be asked one by one whether they are among them.
    pub(super) async fn count(
        self,
        on: &mut Snapshot,
        workspace: WorkspaceId,
        few: usize,
    ) -> Result<Option<i64>> {
        let merged = merged(on, workspace, few).await?;
        if merged > few {
            return Ok(None);
        }
        let gone = i64::try_from(merged).unwrap_or(i64::MAX);
        let Some((builder, part)) = self.asked else {
            let all = all_contacts(on, workspace).await? - gone;
            return Ok(Some(if self.turned { 0 } else { all }));
        };
        let row = builder
            .statement(format!("SELECT COUNT(*) FROM {}", part.from))
            .fetch_one(on)
            .await?;
        let mut count = row.int(0)?;
        if merged > 0 {
            count -= of_merged(on, workspace, self.leaf).await?;
        }
        if part.negated != self.turned {
            count = all_contacts(on, workspace).await? - gone - count;
        }
        Ok(Some(count))
    }
}

/// The plan inside of *not*s, and whether they turn it round. An *and* or an *or* of one part is that part.
fn bare(plan: &Plan) -> (&Plan, bool) {
    let (mut plan, mut turned) = (plan, false);
    loop {
        plan = match plan {
            Plan::Not(part) => {
                turned = !turned;
                part
            }
            Plan::All(parts) | Plan::Any(parts) => match parts.as_slice() {
                [part] => part,
                _ => return (plan, turned),
            },
            _ => return (plan, turned),
        };
    }
}

/// How many became others, up to one more than `few`.
async fn merged(on: &mut Snapshot, workspace: WorkspaceId, few: usize) -> Result<usize> {
    let row = Builder::new(on, workspace, None)
        .statement(format!(
            "SELECT COUNT(*) FROM (SELECT 1 FROM contacts p WHERE p.workspace_id = $1 AND p.merged_into IS NOT NULL
               LIMIT {}) firsts",
            few.saturating_add(1)
        ))
        .fetch_one(on)
        .await?;
    Ok(usize::try_from(row.int(0)?).unwrap_or(usize::MAX))
}

/// How many of those who became others stand in a part's table.
async fn of_merged(on: &mut Snapshot, workspace: WorkspaceId, leaf: &Plan) -> Result<i64> {
    let mut builder = Builder::new(on, workspace, None);
    let passes = match leaf {
        Plan::Field { name, leaf } => builder.of_field(*name, &leaf.test),
        leaf => match builder.rows(leaf) {
            Some(mut rows) => {
                rows.negated = false;
                builder.exists(&rows)
            }
            None => return Ok(0),
        },
    };
    // They are few; without statistics SQLite might take any other index.
    let contacts = match builder.dialect() {
        Dialect::Sqlite => "contacts p INDEXED BY contacts_merged",
        Dialect::Postgres => "contacts p",
    };
    let row = builder
        .statement(format!(
            "SELECT COUNT(*) FROM {contacts} WHERE p.workspace_id = $1 AND p.merged_into IS NOT NULL AND {passes}"
        ))
        .fetch_one(on)
        .await?;
    row.int(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nots_and_lone_parts_are_peeled_off() {
        let not = |plan| Plan::Not(Box::new(plan));
        let tag = Plan::Tag("a".to_owned());
        assert_eq!(bare(&tag), (&tag, false));
        assert_eq!(bare(&not(tag.clone())), (&tag, true));
        assert_eq!(
            bare(&not(Plan::Any(vec![not(Plan::All(vec![tag.clone()]))]))),
            (&tag, false)
        );
        let two = Plan::All(vec![tag.clone(), tag]);
        assert_eq!(bare(&not(two.clone())), (&two, true));
    }
}
