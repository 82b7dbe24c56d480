//! The table of Meta's error codes, in order of the code.
//!
//! Columns: code, name, class, effect of a synchronous refusal (`refused`: nothing was sent; `unsure`: cannot
//! be told), wait in seconds (`never`: the same request will not pass), reason, action, title. Made from
//! Meta's “Error codes” page and the pages of groups, calling, flows, BSUID, block users and template review.

#![expect(
    clippy::unreadable_literal,
    reason = "codes are names, written as Meta writes them"
)]

use crate::classify::{Class, CodeInfo};

macro_rules! refuses {
    (refused) => {
        true
    };
    (unsure) => {
        false
    };
}

macro_rules! wait {
    (never) => {
        None
    };
    ($seconds:literal) => {
        Some($seconds)
    };
}

macro_rules! codes {
    ($($code:literal $name:ident $class:ident $effect:ident $wait:tt $reason:ident $action:ident $title:literal;)+) => {
        /// Every row, in order of the code. Row 200 stands for 200 to 299.
        pub const ALL: &[CodeInfo] = &[$(CodeInfo {
            code: $code,
            name: stringify!($name),
            class: Class::$class,
            refuses: refuses!($effect),
            wait_seconds: wait!($wait),
            reason: stringify!($reason),
            action: stringify!($action),
            title: $title,
        }),+];
    };
}

codes! {
    0 auth_exception Token refused never token_invalid renew_token "The access token is not valid";
    1 api_unknown Retry unsure 60 meta_fault wait "Meta could not handle the request";
    2 api_service Retry unsure 30 meta_unavailable wait "Meta is briefly unavailable";
    3 api_method Permission refused never permission_missing check_access "The app may not use this call";
    4 app_rate_limit BackOff refused 60 api_rate_limit wait "The app has made too many calls";
    10 permission_denied Permission refused never permission_missing check_access "A permission is missing";
    17 user_rate_limit BackOff refused 60 api_rate_limit wait "Too many calls with this token";
    32 page_rate_limit BackOff refused 60 api_rate_limit wait "Too many calls for this page";
    33 number_deleted Sender refused never number_deleted check_number "The business number was deleted";
    100 invalid_parameter Request refused never request_invalid report_bug "A parameter is not valid";
    102 session_invalid Token refused never token_invalid renew_token "The session of the token is not valid";
    104 token_missing Token refused never token_missing renew_token "No access token was sent";
    190 token_expired Token refused never token_expired renew_token "The access token has expired or was withdrawn";
    200 permission_range Permission refused never permission_missing check_access "A permission is missing or was removed";
    341 app_limit BackOff refused 300 api_rate_limit wait "The app has reached a temporary limit";
    368 policy_block Policy refused never account_restricted check_account "The account is blocked for violating the policy";
    613 custom_rate_limit BackOff refused 60 api_rate_limit wait "A limit for this kind of call was reached";
    80007 waba_rate_limit BackOff refused 60 api_rate_limit wait "The account has reached its rate limit";
    130429 throughput Throughput refused 1 throughput wait "Too many messages per second from this number";
    130472 experiment MarketingLimit refused never marketing_experiment none "The person is in a test group that gets no marketing";
    130497 country_restricted Policy refused never country_restricted check_account "The business may not write to people in this country";
    131000 something_went_wrong Retry unsure 60 meta_fault wait "Meta had an unknown fault";
    131005 access_denied Permission refused never permission_missing check_access "Access was denied";
    131008 parameter_missing Request refused never request_invalid report_bug "A required parameter is missing";
    131009 parameter_invalid Request refused never request_invalid report_bug "A value is not valid";
    131016 service_unavailable Retry unsure 30 meta_unavailable wait "A service of Meta's is briefly unavailable";
    131020 bad_group NumberUnavailable refused never group_unavailable check_group "The group has no other members";
    131021 recipient_is_sender NumberUnavailable refused never recipient_is_sender check_recipient "The recipient is the sender's own number";
    131026 undeliverable NumberUnavailable refused never not_on_whatsapp check_recipient "The person cannot get the message on WhatsApp";
    131030 recipient_not_allowed NumberUnavailable refused never test_number_list add_test_recipient "A test number may only write to listed recipients";
    131031 account_locked Policy refused never account_locked check_account "The account is locked";
    131035 webhook_dropped Terminal unsure never webhook_dropped check_webhook "An incoming message was dropped, the webhook did not answer";
    131036 ttl_decryption Terminal refused never device_failed none "The message could not be decrypted on a device in time";
    131037 name_approval Sender refused never display_name_pending approve_display_name "The display name needs approval first";
    131041 group_unknown NumberUnavailable refused never group_unavailable check_group "The group does not exist or we are not in it";
    131042 payment_issue Payment refused never payment_issue fix_payment "There is no valid payment method";
    131044 payment_issue_calling Payment refused never payment_issue fix_payment "Calls need a valid payment method";
    131045 certificate Sender refused never number_not_registered register_number "The number is not registered correctly";
    131047 window_closed Window refused never window_closed send_template "More than 24 hours since the person last wrote";
    131048 spam_rate_limit Policy refused 3600 spam_limit improve_quality "Too many of the number's messages were blocked or reported";
    131049 ecosystem MarketingLimit refused 86400 marketing_limit wait "Meta holds back marketing to this person for now";
    131050 opted_out OptOut refused never opted_out none "The person has stopped marketing messages";
    131051 unsupported_type Request refused never type_unsupported change_message "The message type is not supported";
    131052 media_download Media unsure never media_unavailable ask_again "The person's media could not be fetched";
    131053 media_upload Media refused never media_rejected change_media "The media could not be used";
    131055 method_not_allowed Request refused never method_not_allowed change_message "Not allowed for this kind of message or number";
    131056 pair_rate Pair refused 6 pair_rate wait "Too many messages to this person in a short time";
    131057 maintenance Sender refused 60 number_maintenance wait "The number is being moved to a higher throughput";
    131058 hello_world Template refused never template_test_only change_template "The sample template can only be sent from test numbers";
    131059 bad_cursor Request refused never cursor_invalid restart_listing "The page's cursor is not valid any more";
    131060 message_unavailable Terminal unsure never message_unavailable ask_again "The incoming message cannot be shown";
    131061 bid_template Request refused never marketing_api_needed change_template "Templates with a bid need the marketing messages API";
    131062 user_id_unsupported NumberUnavailable refused never phone_needed ask_phone "This message needs the phone number, not the user id";
    131063 marketing_disabled Template refused never marketing_api_needed check_account "Marketing templates are switched off for this account";
    131064 category_misuse Policy refused 604800 category_misuse check_account "Slowed down for misusing template categories";
    131201 group_partial Terminal unsure never group_partial check_group "Only a part of the group change was made";
    131202 group_duplicate Request refused never group_duplicate check_group "The participant is already in the group";
    131203 terms_not_accepted NumberUnavailable refused never terms_not_accepted none "The person has not accepted WhatsApp's terms";
    131204 group_full Request refused never group_full check_group "The group is full";
    131207 group_suspended Policy refused never group_suspended check_group "The group is suspended";
    131208 group_rate_limit BackOff refused 60 api_rate_limit wait "Too many group calls";
    131209 group_picture_ratio Media refused never group_picture change_media "The group picture has the wrong shape";
    131210 group_picture_small Media refused never group_picture change_media "The group picture is too small";
    131211 group_limit Terminal refused never group_limit check_group "No more groups can be made";
    131212 not_in_group Request refused never not_in_group check_group "The participant is not in the group";
    131213 no_join_request Request refused never no_join_request check_group "There is no such request to join";
    131214 groups_paused Retry refused 3600 groups_paused wait "Making groups is switched off for now";
    131215 groups_not_eligible Permission refused never groups_not_eligible check_number "The number may not use groups";
    132000 parameter_count Template refused never template_parameters fix_template_values "The number of values does not fit the template";
    132001 template_missing Template refused never template_missing change_template "The template does not exist in this language or is not approved";
    132005 template_too_long Template refused never template_too_long fix_template_values "The template's text is too long with these values";
    132007 template_policy Template refused never template_policy change_template "The template's content violates the policy";
    132008 template_value Template refused never template_parameters fix_template_values "A value of the template is not valid";
    132012 parameter_format Template refused never template_parameters fix_template_values "A value does not fit the template's format";
    132015 template_paused Template refused never template_paused change_template "The template is paused";
    132016 template_disabled Template refused never template_disabled change_template "The template is disabled";
    132018 component_parameters Template refused never template_parameters fix_template_values "The values of a component are not valid";
    132068 flow_blocked Template refused never flow_blocked fix_flow "The flow is blocked";
    132069 flow_throttled BackOff refused 3600 flow_throttled fix_flow "The flow is slowed down to ten messages an hour";
    133000 deregistration Retry refused 60 deregistration_incomplete register_number "An earlier deregistration did not finish";
    133004 server_unavailable Retry unsure 60 meta_unavailable wait "Meta's server is briefly unavailable";
    133005 pin_mismatch Request refused never pin_wrong enter_pin "The two-step PIN is wrong";
    133006 verification_needed Sender refused never number_unverified verify_number "The number must be verified first";
    133008 pin_guesses Request refused 3600 pin_locked wait "Too many wrong PINs";
    133009 pin_too_fast Request refused 300 pin_locked wait "PINs were tried too fast";
    133010 not_registered Sender refused never number_not_registered register_number "The number is not registered";
    133015 deletion_pending Sender refused 300 number_deletion_pending wait "The number was deleted a moment ago";
    133016 register_limit BackOff refused 259200 register_limit wait "Registered too often within 72 hours";
    134011 payments_terms Payment refused never payment_terms accept_terms "The payment terms were not accepted";
    134100 marketing_only Request refused never marketing_only change_template "Only marketing templates can be sent this way";
    134101 template_syncing Template refused 600 template_syncing wait "The template is still being prepared";
    134102 template_unavailable Template refused never template_unavailable check_account "The template cannot be used for marketing messages";
    134103 marketing_refused Template refused never template_unavailable check_account "Refused by the marketing messages API";
    135000 generic_user_error Terminal unsure never generic_refusal change_message "Meta refused without saying why";
    136024 already_verified Request refused never number_already_verified none "The number is verified already";
    137000 identity_changed NumberUnavailable refused never identity_changed confirm_identity "The person's identity has changed";
    138000 calling_disabled Permission refused never calling_disabled enable_calling "Calling is not switched on";
    138001 uncallable NumberUnavailable refused never uncallable none "The person cannot be called";
    138002 concurrent_calls BackOff refused 60 call_limit wait "Too many calls at once";
    138003 duplicate_call Request refused 60 duplicate_call wait "There is such a call already";
    138004 call_connection Retry unsure 30 call_failed wait "The call could not be connected";
    138005 call_rate BackOff refused 60 call_limit wait "Too many calls in a short time";
    138006 call_permission Permission refused never call_permission_missing ask_call_permission "The person has not allowed calls";
    138007 call_timeout Retry unsure 30 call_failed wait "The call did not connect in time";
    138009 call_permission_limit BackOff refused 86400 call_permission_limit wait "Permission was asked for too often";
    138012 call_daily_limit BackOff refused 86400 call_limit wait "No more calls today";
    138013 calling_unavailable Permission refused never calling_unavailable none "Calling is not available here";
    138014 calling_paused Policy refused 3600 calling_paused wait "Calling is switched off for now";
    138015 calling_not_eligible Permission refused never calling_not_eligible check_account "Calling needs a higher messaging limit";
    138017 permanent_permission Request refused never permission_exists none "The person has allowed calls for good already";
    138018 calling_prerequisites Request refused never calling_prerequisites enable_calling "Calling is not fully set up";
    138019 call_setup Retry refused 60 call_failed wait "The call could not be set up";
    138020 call_relay Retry refused 60 call_failed wait "The call's relay failed";
    138021 call_receive Retry refused 60 call_failed wait "No sound came from the other side";
    138022 call_transmit Retry refused 60 call_failed wait "No sound went to the other side";
    138023 call_no_media Retry refused 60 call_failed wait "The call ended without sound";
    139000 flow_integrity Policy refused never flow_blocked fix_flow "The flow was blocked by Meta's checks";
    139001 flow_locked Request refused never flow_state fix_flow "The flow cannot be changed";
    139002 flow_publish Request refused never flow_invalid fix_flow "The flow cannot be published";
    139003 flow_deprecate Request refused never flow_state fix_flow "The flow cannot be deprecated";
    139004 flow_delete Request refused never flow_state fix_flow "A published flow cannot be deleted";
    139100 block_failed Terminal unsure never block_failed none "Not everybody could be blocked or unblocked";
    139101 blocklist_full Terminal refused never blocklist_full none "The block list is full";
    139102 blocklist_changed Retry refused 1 blocklist_changed restart_listing "The block list changed while it was read";
    139103 block_fault Retry unsure 60 meta_fault wait "Meta had a fault while blocking";
    147001 username_taken Request refused never username_taken change_username "The username is not available";
    147002 username_not_eligible Permission refused never username_not_eligible check_account "The account may not have a username yet";
    147003 facebook_not_linked Request refused never username_link link_account "The Facebook account is not linked";
    147004 instagram_not_linked Request refused never username_link link_account "The Instagram account is not linked";
    147005 username_transfer Request refused never username_transfer change_username "The username must be transferred";
    200005 insights_unavailable Permission refused never insights_unavailable none "Template insights are not available";
    200006 insights_fixed Request refused never insights_fixed none "Template insights cannot be switched off";
    200007 insights_disabled Request refused never insights_disabled enable_insights "Template insights are not switched on";
    1752041 duplicate_request Request refused never duplicate_request none "The same request was made before";
    2388001 ownership Request refused never number_ownership verify_number "Ownership of the number must be confirmed";
    2388012 number_exists Request refused never number_exists check_number "The number is in the list already";
    2388019 template_limit Template refused never template_limit delete_templates "The account has too many templates";
    2388024 template_exists Template refused never template_exists change_template "The template exists in this language already";
    2388040 template_text_long Template refused never template_text fix_template "A text of the template is too long";
    2388047 template_header Template refused never template_text fix_template "The template's header is not valid";
    2388072 template_body Template refused never template_text fix_template "The template's body is not valid";
    2388073 template_footer Template refused never template_text fix_template "The template's footer is not valid";
    2388091 no_code_needed Request refused never number_migration check_number "The number cannot get a code, it is not being moved";
    2388093 no_verification Request refused never number_migration check_number "The number cannot be verified now";
    2388103 no_migration Request refused never number_migration check_number "The number cannot be moved";
    2388293 template_ratio Template refused never template_text fix_template "Too many variables for the length of the text";
    2388299 template_edges Template refused never template_text fix_template "A variable stands at the start or end of the text";
    2494100 migration_maintenance Sender refused 60 number_maintenance wait "The number is in maintenance";
    2593079 solution_migration Request refused never account_migration check_account "The account is being moved already";
    2593085 account_mobility Request refused never account_migration check_account "The account cannot be moved";
    2593107 sync_limit Request refused never sync_limit none "This was synchronised already";
    2593108 sync_window Request refused never sync_window none "Synchronising is only possible within 24 hours of onboarding";
    2593109 history_declined Terminal unsure never history_declined none "The business does not share its chat history";
}
