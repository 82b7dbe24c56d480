//! What a campaign is sent by, read together and held against each other.

use std::collections::BTreeMap;

use serde::Deserialize;
use wigwag_model::audience::{Fault, Filter};
use wigwag_model::campaign::ongoing::Trigger;
use wigwag_model::campaign::{Held, Links, Problem};
use wigwag_model::consent::Category;
use wigwag_model::content::Location;
use wigwag_model::rates::Billing;
use wigwag_model::template::{Variable, variables};
use wigwag_model::{MediaId, WorkspaceId};
use wigwag_store::campaigns::Campaign;
use wigwag_store::numbers::{self, Number};
use wigwag_store::templates::{self, Template};
use wigwag_store::{Error, audience, campaigns, workspaces};

use super::links;
use crate::Context;
use crate::messages::{File, SendError, file_for, render};

/// A campaign with everything that it is sent by.
#[derive(Debug, Clone)]
pub(super) struct Setup {
    pub(super) campaign: Campaign,
    pub(super) number: Number,
    pub(super) template: Template,
    pub(super) category: Category,
    pub(super) filter: Filter,
    pub(super) variables: Vec<Variable>,
    pub(super) links: Links,
    pub(super) header: Header,
    pub(super) billing: Billing,
    /// The workspace's zone.
    pub(super) zone: String,
}

/// A running campaign with what its messages are made of.
#[derive(Debug, Clone)]
pub(super) struct Sending {
    pub(super) campaign: Campaign,
    pub(super) number: Number,
    pub(super) template: Template,
    pub(super) category: Category,
    pub(super) links: Links,
    pub(super) header: Header,
}

/// What the header shows.
#[derive(Debug, Clone, Default)]
pub(super) struct Header {
    pub(super) file: Option<File>,
    pub(super) place: Option<Location>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    #[serde(default)]
    media_id: Option<MediaId>,
    #[serde(default)]
    location: Option<Location>,
}

/// A campaign as far as it can be put together, and what is wrong with it.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) setup: Option<Setup>,
    pub(super) problems: Vec<Problem>,
}

/// Statuses of a number with which it sends nothing, or that an operator switched off.
pub(super) fn number_sends(number: &Number) -> bool {
    use wigwag_model::can_send::{Facts, Purpose, Reach, can_send};
    use wigwag_model::consent::ConsentState;
    let facts = Facts {
        now: wigwag_model::Timestamp::from_micros(0),
        number_enabled: number.enabled,
        number_status: &number.status,
        blocked: false,
        reach: Reach::Phone,
        window_closes_at: None,
        purpose: Purpose::Template {
            status: Some("approved"),
            consent: ConsentState::Granted,
            authentication: false,
        },
    };
    can_send(&facts).is_ok()
}

/// Reads what a campaign is sent by and checks all of it.
pub(super) async fn check(
    context: &Context,
    workspace: WorkspaceId,
    campaign: Campaign,
) -> wigwag_store::Result<Checked> {
    let db = context.db();
    let mut problems = campaign.settings.problems();
    problems.extend(campaign.schedule.problems(context.clock().now()));
    let number = match campaign.number {
        Some(id) => Some(numbers::get(db, workspace, id).await?),
        None => None,
    };
    match &number {
        None => problems.push(Problem::new("number_id", "required", "choose a number")),
        Some(number) if !number_sends(number) => problems.push(Problem::new(
            "number_id",
            "unavailable",
            "this number cannot send now: look at its status",
        )),
        Some(_) => {}
    }
    let template = match campaign.template {
        Some(id) => Some(templates::get(db, workspace, id).await?),
        None => None,
    };
    if let Some(template) = &template {
        if template.status != "approved" {
            problems.push(Problem::new(
                "template_id",
                "not_approved",
                format!(
                    "Meta takes approved templates only, this one is {}",
                    template.status
                ),
            ));
        }
        if number
            .as_ref()
            .is_some_and(|number| number.waba != template.waba)
        {
            problems.push(Problem::new(
                "template_id",
                "other_account",
                "the template belongs to another account than the number",
            ));
        }
    } else {
        problems.push(Problem::new("template_id", "required", "choose a template"));
    }
    let filter = audience_of(context, workspace, &campaign, &mut problems).await?;
    let wanted = template.as_ref().map_or_else(Vec::new, |template| {
        variables(&template.components, template.parameter_format == "named")
    });
    let short = template
        .as_ref()
        .map_or_else(Links::default, |template| links::of(context, template));
    if template.is_some() {
        // The particulars of the event that starts a run stand where a list's columns do.
        let event = campaign
            .ongoing
            .as_ref()
            .is_some_and(|ongoing| matches!(ongoing.trigger, Some(Trigger::Event(_))));
        let columns = event
            || filter
                .as_ref()
                .is_some_and(|filter| filter.list().is_some());
        problems.extend(campaign.variables.problems(&wanted, columns, &short));
    }
    let (Some(number), Some(template), Some(filter)) = (number, template, filter) else {
        return Ok(Checked {
            setup: None,
            problems,
        });
    };
    let header = header(context, workspace, &campaign, &number, &mut problems).await?;
    probe(&template, &wanted, &header, &mut problems);
    let (currency, zone) = campaigns::billing(db, workspace, number.waba).await?;
    let setup = Setup {
        category: Category::parse(&template.category).unwrap_or(Category::Marketing),
        billing: Billing::of(currency.as_deref(), zone.as_deref()),
        zone: workspaces::get(db, workspace).await?.time_zone,
        variables: wanted,
        links: short,
        campaign,
        number,
        template,
        filter,
        header,
    };
    Ok(Checked {
        setup: Some(setup),
        problems,
    })
}

/// A fault of a filter in the words of a campaign's fields.
pub(super) fn audience_problem(fault: Fault) -> Problem {
    let field = if fault.field == "filter" {
        "audience".to_owned()
    } else {
        format!("audience.{}", fault.field)
    };
    Problem::new(field, "invalid", fault.message)
}

async fn audience_of(
    context: &Context,
    workspace: WorkspaceId,
    campaign: &Campaign,
    problems: &mut Vec<Problem>,
) -> wigwag_store::Result<Option<Filter>> {
    if campaign
        .audience
        .as_object()
        .is_none_or(serde_json::Map::is_empty)
    {
        problems.push(Problem::new("audience", "required", "choose who gets it"));
        return Ok(None);
    }
    let read = match Filter::read(&campaign.audience) {
        Ok(filter) => {
            let mut on = context.db().reader().await?;
            match audience::check(&mut on, workspace, &filter, context.clock().now()).await {
                Ok(()) => Ok(filter),
                Err(Error::Filter(fault)) => Err(fault),
                Err(error) => return Err(error),
            }
        }
        Err(fault) => Err(fault),
    };
    Ok(match read {
        Ok(filter) => Some(filter),
        Err(fault) => {
            problems.push(audience_problem(fault));
            None
        }
    })
}

async fn header(
    context: &Context,
    workspace: WorkspaceId,
    campaign: &Campaign,
    number: &Number,
    problems: &mut Vec<Problem>,
) -> wigwag_store::Result<Header> {
    let Some(stated) = &campaign.header else {
        return Ok(Header::default());
    };
    let Ok(wish) = serde_json::from_value::<Wish>(stated.clone()) else {
        problems.push(Problem::new(
            "header",
            "invalid",
            "write {\"media_id\": …} or {\"location\": {…}}",
        ));
        return Ok(Header::default());
    };
    let file = match wish.media_id {
        None => None,
        Some(id) => match file_for(context, workspace, number.id, "header.media_id", id).await {
            Ok(file) => Some(file),
            Err(SendError::Store(error)) => return Err(error),
            Err(error) => {
                problems.push(problem(error));
                None
            }
        },
    };
    Ok(Header {
        file,
        place: wish.location,
    })
}

/// Puts the template together once with any values: whatever is wrong with it for everybody shows.
fn probe(template: &Template, wanted: &[Variable], header: &Header, problems: &mut Vec<Problem>) {
    let values: BTreeMap<String, String> = wanted
        .iter()
        .map(|variable| (variable.key.clone(), "x".to_owned()))
        .collect();
    if let Err(error) = render(
        template,
        &values,
        header.file.as_ref(),
        header.place.as_ref(),
    ) {
        problems.push(problem(error));
    }
}

/// A fault of composing in the words of a campaign's fields.
fn problem(error: SendError) -> Problem {
    match error {
        SendError::Field {
            field,
            code,
            message,
        } => {
            let field = match field.as_str() {
                "template.header_media_id" => "header.media_id".to_owned(),
                "template.header_location" => "header.location".to_owned(),
                other => other
                    .strip_prefix("template.")
                    .map_or_else(|| other.to_owned(), str::to_owned),
            };
            Problem::new(field, code, message)
        }
        other => Problem::new("template_id", "unsupported", other.to_string()),
    }
}

/// A running campaign with what it is sent by, or why it cannot go on.
pub(super) async fn check_running(
    context: &Context,
    workspace: WorkspaceId,
    campaign: Campaign,
) -> wigwag_store::Result<Result<Sending, Held>> {
    let db = context.db();
    let (Some(number), Some(template)) = (campaign.number, campaign.template) else {
        return Ok(Err(Held::TemplateMissing));
    };
    let number = numbers::get(db, workspace, number).await?;
    if !number_sends(&number) {
        return Ok(Err(Held::NumberUnavailable));
    }
    if campaign.settings.brakes.quality_red && number.quality == "red" {
        return Ok(Err(Held::QualityRed));
    }
    let template = match templates::get(db, workspace, template).await {
        Ok(template) if template.status == "deleted" => return Ok(Err(Held::TemplateMissing)),
        Ok(template) if template.status != "approved" => {
            return Ok(Err(Held::TemplateUnavailable));
        }
        Ok(template) => template,
        Err(Error::NotFound) => return Ok(Err(Held::TemplateMissing)),
        Err(error) => return Err(error),
    };
    let mut problems = Vec::new();
    let header = header(context, workspace, &campaign, &number, &mut problems).await?;
    if !problems.is_empty() {
        return Ok(Err(Held::MediaFailed));
    }
    Ok(Ok(Sending {
        links: links::of(context, &template),
        category: Category::parse(&template.category).unwrap_or(Category::Marketing),
        campaign,
        number,
        template,
        header,
    }))
}
