//! A pretend Meta to develop, test and try Wigwag against.
//!
//! It speaks the Graph API of the WhatsApp Business Platform, keeps its own people and its own
//! ledger of what it accepted, sends signed webhooks, enforces Meta's limits, and goes wrong on
//! demand. It shares no rule with the product: templates, prices and phone numbers are judged here
//! by code of its own. It is for loopback; nothing in it is secret.

mod app;
mod behaviour;
mod clock;
mod connection;
mod control;
mod faults;
mod graph;
mod ids;
mod inbound;
mod ledger;
mod limits;
mod media;
mod message;
mod message_rules;
mod number;
mod page;
mod person;
mod phone;
mod pricing;
mod rates;
mod review;
mod reviewer;
mod samples;
mod scheduler;
mod seed;
mod send;
mod shelf;
mod simulator;
mod snapshot;
mod state;
mod template;
mod template_rules;
mod template_send;
mod timers;
mod tls;
mod webhooks;
mod window;
mod world;

pub use clock::{DAY, HOUR, MINUTE, SECOND, VirtualClock};
pub use simulator::{Credentials, Error, Options, PublicHosts, Running, Simulator, TlsOptions};
