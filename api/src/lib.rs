//! Wigwag's HTTP: routes, DTOs, sessions, permissions, the live socket, webhooks in.
