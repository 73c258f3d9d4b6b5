//! Every address on one page: what answers it, whose it is, and how large a form it takes.
//!
//! Invariant: nothing is reached but through the gate; the list of routes that tests walk is made with the router.

mod table;

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use poem::endpoint::BoxEndpoint;
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response};

use super::error::{self, Asked};
use super::gate::Size;
use super::session::Door;
use super::{Web, assets, headers, health, log, preview, provider};
use crate::wording::STATIC_ROOT;
pub use table::Line;
use table::Table;

/// All routes.
fn table(web: &Web) -> Table {
    let table = Table::default()
        .get("/healthz", Door::Anyone, health::alive)
        .get("/readyz", Door::Anyone, health::ready)
        .get("/", Door::Anyone, provider::front);
    let mut table = register_routes(paper_routes(office_routes(provider_routes(table))));
    if web.preview.is_some() {
        table = table.get("/preview", Door::Anyone, preview::show);
    }
    if web.demo.is_some() { demo_routes(table) } else { table }
}

/// A provider's pages. A section's key may hold one slash: `project/asb`.
fn provider_routes(table: Table) -> Table {
    use provider::{autosave, check, colleague, files, link, queries, rows, section, submit, tasks, words};
    table
        .form("/r/:token", Door::Anyone, link::show, link::enter)
        .get("/return", Door::Provider, tasks::show)
        .long_form("/return/section/:section", Door::Provider, section::show, section::save)
        .long_form(
            "/return/section/:section/:subject",
            Door::Provider,
            section::show,
            section::save,
        )
        .post(
            "/return/section/:section/autosave",
            Door::Provider,
            Size::LongForm,
            autosave::save_as_typed,
        )
        .post(
            "/return/section/:section/:subject/autosave",
            Door::Provider,
            Size::LongForm,
            autosave::save_as_typed,
        )
        .post(
            "/return/section/:section/file/:question",
            Door::Provider,
            Size::Upload,
            files::attach,
        )
        .post(
            "/return/section/:section/:subject/file/:question",
            Door::Provider,
            Size::Upload,
            files::attach,
        )
        .get("/return/file/:digest", Door::Provider, files::download)
        .post(
            "/return/file/:digest/remove",
            Door::Provider,
            Size::LongForm,
            files::detach,
        )
        .post("/return/rows/:section/add", Door::Provider, Size::Form, rows::add)
        .form(
            "/return/rows/:section/:row/take-out",
            Door::Provider,
            rows::ask,
            rows::take_out,
        )
        .post(
            "/return/rows/:section/:row/put-back",
            Door::Provider,
            Size::Form,
            rows::put_back,
        )
        .post("/return/queries/:id", Door::Provider, Size::LongForm, queries::answer)
        .long_form("/return/check", Door::Provider, check::show, check::explain)
        .post("/return/submit", Door::Provider, Size::LongForm, submit::submit)
        .get("/return/submitted", Door::Provider, submit::submitted)
        .form("/return/colleague", Door::Provider, colleague::show, colleague::invite)
        .post("/return/words/:language", Door::Provider, Size::Form, words::choose)
        .post("/return/leave", Door::Provider, Size::Form, provider::leave)
}

/// The office's pages, the signing officer's among them.
fn office_routes(table: Table) -> Table {
    use super::office::{acts, figures, funds, grants, home, listing, moving, reports, returns, signin};
    use super::officer::sign;
    table
        .form("/office/sign-in", Door::Anyone, signin::show, signin::send_code)
        .form(
            "/office/sign-in/code",
            Door::Anyone,
            signin::show_code,
            signin::check_code,
        )
        .form(
            "/office/sign-in/second-factor",
            Door::HalfOffice,
            signin::show_second_factor,
            signin::check_second_factor,
        )
        .post("/office/sign-out", Door::HalfOffice, Size::Form, signin::sign_out)
        .get("/office", Door::Office, home::show)
        .get("/office/funds/:fund", Door::Office, funds::show)
        .get("/office/funds/:fund/projects", Door::Office, funds::projects)
        .get("/office/figures", Door::Office, figures::show)
        .get("/office/returns", Door::Office, listing::show)
        .get("/office/returns/:id", Door::Office, returns::show)
        .get("/office/returns/:id/file/:digest", Door::Office, returns::download)
        .post("/office/returns/:id/query", Door::Office, Size::Form, acts::query)
        .post(
            "/office/returns/:id/send-back",
            Door::Office,
            Size::Form,
            acts::send_back,
        )
        .post("/office/returns/:id/accept", Door::Office, Size::Form, acts::accept)
        .post("/office/returns/:id/reopen", Door::Office, Size::Form, acts::reopen)
        .post("/office/returns/:id/excuse", Door::Office, Size::Form, acts::excuse)
        .post(
            "/office/returns/:id/reinstate",
            Door::Office,
            Size::Form,
            acts::reinstate,
        )
        .post("/office/returns/:id/extend", Door::Office, Size::Form, acts::extend)
        .post("/office/returns/:id/chase", Door::Office, Size::Form, acts::note_chase)
        .post("/office/returns/:id/resend", Door::Office, Size::Form, acts::resend)
        .post(
            "/office/returns/:id/links/:link/revoke",
            Door::Office,
            Size::Form,
            acts::revoke,
        )
        .form("/office/returns/:id/sign", Door::Office, sign::show, sign::post)
        .post("/office/returns/:id/decline", Door::Office, Size::Form, sign::decline)
        .get("/office/grants/:id", Door::Office, grants::show)
        .post("/office/grants/:id/virements", Door::Office, Size::Form, grants::record)
        .post(
            "/office/virements/:id/approve",
            Door::Office,
            Size::Form,
            grants::approve,
        )
        .post("/office/virements/:id/refuse", Door::Office, Size::Form, grants::refuse)
        .get("/office/reports", Door::Office, reports::list)
        .get("/office/reports/:id", Door::Office, reports::show)
        .get("/office/forms", Door::Office, moving::list)
        .form(
            "/office/forms/:form/:version",
            Door::Office,
            moving::show,
            moving::apply,
        )
        .post("/office/returns/:id/undo-move", Door::Office, Size::Form, moving::undo)
}

/// Papers: what is being prepared, and what was published.
fn paper_routes(table: Table) -> Table {
    use super::office::figures;
    use super::office::papers::{editions, list, look, prose, publish, sheet, stories};
    table
        .get("/office/papers", Door::Office, list::show)
        .form(
            "/office/papers/begin/:fund/:report",
            Door::Office,
            list::choose,
            list::begin,
        )
        .get("/office/papers/:id", Door::Office, sheet::show)
        .long_form("/office/papers/:id/words/:part", Door::Office, prose::show, prose::save)
        .get("/office/papers/:id/stories", Door::Office, stories::show)
        .post(
            "/office/papers/:id/stories/clear",
            Door::Office,
            Size::Form,
            stories::clear,
        )
        .post(
            "/office/papers/:id/stories/withdraw",
            Door::Office,
            Size::Form,
            stories::withdraw,
        )
        .get("/office/papers/:id/preview/:audience", Door::Office, look::show)
        .get("/office/papers/:id/internal/:file", Door::Office, look::download)
        .form(
            "/office/papers/:id/publish/:audience",
            Door::Office,
            publish::show,
            publish::publish,
        )
        .get("/office/papers/:id/editions/:number", Door::Office, editions::show)
        .get(
            "/office/papers/:id/editions/:number/figures",
            Door::Office,
            figures::show_published,
        )
        .get(
            "/office/papers/:id/editions/:number/:file",
            Door::Office,
            editions::download,
        )
}

/// The register, for those who review a fund's returns.
fn register_routes(table: Table) -> Table {
    use super::office::register::{self, contacts, download, entry, import};
    table
        .get("/office/register", Door::Office, register::show)
        .upload("/office/register/import", Door::Office, import::show, import::look)
        .post("/office/register/import/apply", Door::Office, Size::Form, import::apply)
        .get("/office/register/template.xlsx", Door::Office, download::template)
        .get("/office/register/register.xlsx", Door::Office, download::everything)
        .get("/office/register/:fund", Door::Office, register::show_fund)
        .get("/office/register/:fund/:list", Door::Office, register::show_list)
        .get("/office/register/:fund/export/:file", Door::Office, download::fund)
        .get(
            "/office/register/:fund/grants/:grant",
            Door::Office,
            register::show_grant,
        )
        .get(
            "/office/register/:fund/assignments/:assignment",
            Door::Office,
            contacts::show,
        )
        .post(
            "/office/register/:fund/assignments/:assignment/add",
            Door::Office,
            Size::Form,
            contacts::add,
        )
        .post(
            "/office/register/:fund/assignments/:assignment/:person/replace",
            Door::Office,
            Size::Form,
            contacts::replace,
        )
        .post(
            "/office/register/:fund/assignments/:assignment/:person/lead",
            Door::Office,
            Size::Form,
            contacts::lead,
        )
        .form(
            "/office/register/:fund/add/:table",
            Door::Office,
            entry::show,
            entry::save,
        )
        .form(
            "/office/register/:fund/add/:table/:of",
            Door::Office,
            entry::show,
            entry::save,
        )
        .form(
            "/office/register/:fund/change/:table/:entry",
            Door::Office,
            entry::show,
            entry::save,
        )
        .form(
            "/office/register/:fund/change/:table/:of/:entry",
            Door::Office,
            entry::show,
            entry::save,
        )
}

/// The demo's pages.
fn demo_routes(table: Table) -> Table {
    use super::demo::pages;
    table
        .get("/demo", Door::Anyone, pages::show)
        .get("/demo/mail/:id", Door::Anyone, pages::show_mail)
        .get("/demo/mail/:id/html", Door::Anyone, pages::mail_html)
        .post("/demo/next-day", Door::Anyone, Size::Form, pages::next_day)
        .post("/demo/next-event", Door::Anyone, Size::Form, pages::next_event)
}

/// The routes of this room.
pub fn lines(web: &Web) -> Vec<Line> {
    table(web).lines
}

/// The whole room, as one endpoint that never fails.
pub fn app(web: Web) -> App {
    let inner = table(&web).route.nest(STATIC_ROOT, assets::Assets);
    around(web, inner)
}

/// What every answer passes on its way out, around any endpoint: the log, the error page, the headers.
pub fn around(web: Web, inner: impl Endpoint<Output: IntoResponse> + 'static) -> App {
    App {
        web,
        inner: inner.map_to_response().boxed(),
    }
}

/// See [`app`].
pub struct App {
    web: Web,
    inner: BoxEndpoint<'static, Response>,
}

impl Endpoint for App {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let line = log::Line::begin(&mut request);
        let asked = Asked::of(&request, &line.reference);
        request.set_data(self.web.clone());
        let mut response = match AssertUnwindSafe(self.inner.call(request)).catch_unwind().await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => error::answer(&self.web, &asked, error),
            Err(_) => error::panicked(&self.web, &asked),
        };
        headers::add(&mut response, &self.web.deps.base_url);
        line.end(response.status());
        Ok(response)
    }
}
