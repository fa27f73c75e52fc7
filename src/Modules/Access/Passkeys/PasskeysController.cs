using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Localization;
using Portal.Access.Contract;
using Portal.Access.ShowSecurity;
using Portal.Kernel;

namespace Portal.Access.Passkeys;

/// <summary>Adding, naming and removing one's own passkeys, the same for buyers and merchants.</summary>
internal abstract class PasskeysController(PasskeyDoor door, AddPasskey add, PasskeyBook passkeys, Actor actor, IStringLocalizer<Texts> texts)
    : Controller
{
    private long Subject => actor.Subject!.Value;

    // What it is likely on; she may call it something else.
    private string UsualLabel => BrowserNames.Of(Request.Headers.UserAgent) is { Length: > 0 } known ? known : texts["UnknownBrowser"];

    [HttpGet("new")]
    [FreshSignIn]
    public IActionResult AddPasskey() => View("/Passkeys/AddPasskey.cshtml", new AddPasskeyView(door, UsualLabel, Refused: false));

    [HttpPost("options")]
    [FreshSignIn]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> Options(CancellationToken ct) => (await add.AskAsync(ct)).ToResult();

    /// <summary>The challenge was given to a fresh sign-in and lives minutes: being asked to sign in again between the two would help nobody.</summary>
    [HttpPost("new")]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> AddPasskey(AddPasskeyForm form, CancellationToken ct)
    {
        // The device has its half already: a name that will not do is no reason to lose the passkey.
        var label = PasskeyLabel.Clean(form.Label) ?? UsualLabel;
        if (await add.AddAsync(form, label, ct))
        {
            return Done("added");
        }

        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View("/Passkeys/AddPasskey.cshtml", new AddPasskeyView(door, label, Refused: true));
    }

    [HttpGet("{id}")]
    public async Task<IActionResult> EditPasskey(string id, CancellationToken ct) =>
        await passkeys.FindAsync(door.Audience, Subject, id, ct) is { } passkey
            ? View("/Passkeys/EditPasskey.cshtml", new EditPasskeyView(door, passkey, passkey.Label, Refused: false))
            : NotFound();

    [HttpPost("{id}")]
    public async Task<IActionResult> EditPasskey(string id, EditPasskeyForm form, CancellationToken ct)
    {
        if (await passkeys.FindAsync(door.Audience, Subject, id, ct) is not { } passkey)
        {
            return NotFound();
        }

        if (PasskeyLabel.Clean(form.Label) is not { } label)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return View("/Passkeys/EditPasskey.cshtml", new EditPasskeyView(door, passkey, form.Label, Refused: true));
        }

        await passkeys.RenameAsync(door.Audience, Subject, id, label, ct);
        return Done("renamed");
    }

    [HttpGet("{id}/remove")]
    [FreshSignIn]
    public async Task<IActionResult> RemovePasskey(string id, CancellationToken ct) =>
        await passkeys.FindAsync(door.Audience, Subject, id, ct) is { } passkey
            ? View("/Passkeys/RemovePasskey.cshtml", new RemovePasskeyView(door, passkey))
            : NotFound();

    [HttpPost("{id}/remove")]
    [FreshSignIn]
    [ActionName(nameof(RemovePasskey))]
    public async Task<IActionResult> RemovePasskeyForGood(string id, CancellationToken ct) =>
        await passkeys.RemoveAsync(door.Audience, Subject, id, ct) ? Done("removed") : NotFound();

    private LocalRedirectResult Done(string what) => LocalRedirect($"~{door.SecurityPath}?passkey={what}#passkeys");
}

/// <summary>A buyer's.</summary>
[Route("profile/security/passkeys")]
[ForBuyers]
internal sealed class BuyerPasskeysController(AddPasskey add, PasskeyBook passkeys, Actor actor, IStringLocalizer<Texts> texts)
    : PasskeysController(PasskeyDoor.Buyers, add, passkeys, actor, texts)
{
    /// <summary>She was offered one and does not want to hear of it for a while.</summary>
    [HttpPost("not-now")]
    public IActionResult NotNow()
    {
        OfferPasskeyViewComponent.PutOff(Response);
        return LocalRedirect("~/");
    }
}

/// <summary>A merchant's own, whatever her role.</summary>
[Route("admin/security/passkeys")]
[ForMerchants]
[SupportMay]
internal sealed class MerchantPasskeysController(AddPasskey add, PasskeyBook passkeys, Actor actor, IStringLocalizer<Texts> texts)
    : PasskeysController(PasskeyDoor.Merchants, add, passkeys, actor, texts);

/// <summary>What a device answered, and what its owner calls it.</summary>
internal sealed record AddPasskeyForm : PasskeyAnswer
{
    public string? Label { get; init; }
}

/// <summary>A new name.</summary>
internal sealed record EditPasskeyForm(string? Label);

internal sealed record AddPasskeyView(PasskeyDoor Door, string Label, bool Refused);

internal sealed record EditPasskeyView(PasskeyDoor Door, PasskeyInfo Passkey, string? Label, bool Refused);

internal sealed record RemovePasskeyView(PasskeyDoor Door, PasskeyInfo Passkey);
