using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Portal.Access.Contract;
using Portal.Admin.Contract;
using Portal.Admin.Data;
using Portal.Kernel;

namespace Portal.Admin.ManagePeople;

/// <summary>One of them, and what an owner may change.</summary>
[Route("admin/people/{id}")]
[ForMerchants]
[OwnersOnly]
[FreshSignIn]
internal sealed class PersonController(People people, MerchantBook merchants, Actor actor) : Controller
{
    [HttpGet]
    public Task<IActionResult> Person(string id, bool saved, CancellationToken ct) => PageAsync(id, saved, PersonVerdict.Done, ct);

    [HttpPost("role")]
    public Task<IActionResult> ChangeRole(string id, MerchantRole role, CancellationToken ct) =>
        Enum.IsDefined(role) ? AnswerAsync(id, people.ChangeRoleAsync(id, role, ct), ct) : Task.FromResult<IActionResult>(BadRequest());

    [HttpPost("disable")]
    public Task<IActionResult> Disable(string id, CancellationToken ct) => AnswerAsync(id, people.DisableAsync(id, ct), ct);

    [HttpPost("enable")]
    public Task<IActionResult> Enable(string id, CancellationToken ct) => AnswerAsync(id, people.EnableAsync(id, ct), ct);

    [HttpPost("reset-second-factor")]
    public Task<IActionResult> ResetSecondFactor(string id, CancellationToken ct) => AnswerAsync(id, people.ResetSecondFactorAsync(id, ct), ct);

    [HttpPost("invite-again")]
    public Task<IActionResult> InviteAgain(string id, CancellationToken ct) => AnswerAsync(id, people.InviteAgainAsync(id, ct), ct);

    private async Task<IActionResult> AnswerAsync(string id, Task<PersonVerdict> change, CancellationToken ct) =>
        await change is var verdict && verdict == PersonVerdict.Done
            ? LocalRedirect($"~/admin/people/{Uri.EscapeDataString(id)}?saved=true")
            : await PageAsync(id, saved: false, verdict, ct);

    private async Task<IActionResult> PageAsync(string id, bool saved, PersonVerdict verdict, CancellationToken ct)
    {
        if ((await merchants.ListAsync(ct)).SingleOrDefault(p => p.Id == id) is not { } person)
        {
            return NotFound();
        }

        Response.StatusCode = verdict == PersonVerdict.Done ? StatusCodes.Status200OK : StatusCodes.Status409Conflict;
        return View("/ManagePeople/Person.cshtml", new PersonView(person, person.Email == actor.Name, saved, verdict));
    }
}

/// <summary>The page.</summary>
/// <param name="Person">Whom it is about.</param>
/// <param name="IsMe">The one who looks.</param>
/// <param name="Saved">A change was just made.</param>
/// <param name="Verdict">Why a change was not made.</param>
internal sealed record PersonView(MerchantInfo Person, bool IsMe, bool Saved, PersonVerdict Verdict);
