//! The WhatsApp Business Platform in types: Cloud API, webhooks, errors, signatures, client.
