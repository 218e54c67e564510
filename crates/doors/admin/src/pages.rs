//! The templates of this door.

use web::Template;

/// All of them. Rooms' pages of the staff extend `admin/shell.html` and import `admin/parts.html`.
pub const TEMPLATES: &[Template] = &[
    Template { name: "admin/shell.html", source: include_str!("templates/shell.html") },
    Template { name: "admin/parts.html", source: include_str!("templates/parts.html") },
    Template { name: "admin/bare.html", source: include_str!("templates/bare.html") },
    Template { name: "admin/error.html", source: include_str!("templates/error.html") },
    Template { name: "admin/sign-in.html", source: include_str!("templates/sign-in.html") },
    Template { name: "admin/welcome.html", source: include_str!("templates/welcome.html") },
    Template { name: "admin/home.html", source: include_str!("templates/home.html") },
    Template { name: "admin/design.html", source: include_str!("templates/design.html") },
    Template { name: "admin/guide.html", source: include_str!("templates/guide.html") },
    Template { name: "admin/search.html", source: include_str!("templates/search.html") },
    Template { name: "admin/customers.html", source: include_str!("templates/customers.html") },
    Template { name: "admin/customer.html", source: include_str!("templates/customer.html") },
    Template { name: "admin/note.html", source: include_str!("templates/note.html") },
    Template { name: "admin/consents.html", source: include_str!("templates/consents.html") },
    Template { name: "admin/merge.html", source: include_str!("templates/merge.html") },
    Template { name: "admin/erase.html", source: include_str!("templates/erase.html") },
    Template { name: "admin/suppressions.html", source: include_str!("templates/suppressions.html") },
    Template { name: "admin/why.html", source: include_str!("templates/why.html") },
    Template { name: "admin/account.html", source: include_str!("templates/account.html") },
    Template { name: "admin/code.html", source: include_str!("templates/code.html") },
    Template { name: "admin/second.html", source: include_str!("templates/second.html") },
    Template { name: "admin/set-brand.html", source: include_str!("templates/set-brand.html") },
    Template { name: "admin/set-rules.html", source: include_str!("templates/set-rules.html") },
    Template { name: "admin/set-channels.html", source: include_str!("templates/set-channels.html") },
    Template { name: "admin/set-wording.html", source: include_str!("templates/set-wording.html") },
    Template { name: "admin/set-sentence.html", source: include_str!("templates/set-sentence.html") },
    Template { name: "admin/team.html", source: include_str!("templates/team.html") },
    Template { name: "admin/tasks.html", source: include_str!("templates/tasks.html") },
    Template { name: "admin/task.html", source: include_str!("templates/task.html") },
    Template { name: "admin/settings.html", source: include_str!("templates/settings.html") },
    Template { name: "admin/audit.html", source: include_str!("templates/audit.html") },
    Template { name: "admin/parked.html", source: include_str!("templates/parked.html") },
];
