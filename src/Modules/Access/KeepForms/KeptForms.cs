using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Access.Contract;
using Portal.Access.Data;
using Portal.Access.Sessions;
using Portal.Kernel;

namespace Portal.Access.KeepForms;

/// <summary>Keeps what was typed when a session had ended, and gives it back to the same person in the same browser.</summary>
internal sealed class KeptForms(
    PortalDb db,
    SessionBook sessions,
    Actor actor,
    IHttpContextAccessor http,
    IDataProtectionProvider protection,
    IStringLocalizer<Texts> texts,
    TimeProvider clock
) : IKeptForm
{
    private const string CookieName = "__Host-portal-kept";
    private const int MostFields = 200;
    private const int MostText = 64 * 1024;

    private readonly IDataProtector protector = protection.CreateProtector("Portal.Access.KeptForm");
    private readonly Dictionary<string, int> taken = new(StringComparer.Ordinal);
    private (string Path, Dictionary<string, string[]> Fields)? kept;
    private bool hasLooked;
    private bool isOpen;
    private bool hasFilled;

    private HttpRequest Request => http.HttpContext!.Request;

    /// <summary>Keeps the form of a request that is about to be sent to sign in. Only for somebody who was signed in: strangers store nothing here.</summary>
    public async Task KeepAsync(Audience audience, CancellationToken ct)
    {
        if (
            !Request.HasFormContentType
            || Request.Path.Value is not { Length: <= 500 } path
            || !IsFromHere()
            || await sessions.LastSubjectAsync(audience, ct) is not { } subject
            || await ReadAsync(ct) is not { Count: > 0 } fields
        )
        {
            return;
        }

        var token = SecretToken.New();
        var sealedFields = protector.Protect(JsonSerializer.SerializeToUtf8Bytes(fields));
        try
        {
            await db.InTransactionAsync(
                async () =>
                {
                    await db.Set<KeptForm>().Where(f => f.Audience == audience && f.Subject == subject).ExecuteDeleteAsync(ct);
                    db.Add(new KeptForm(audience, subject, token, path, sealedFields, clock.GetUtcNow()));
                    await db.SaveChangesAsync(ct);
                },
                ct
            );
        }
        catch (DbUpdateException failure) when (db.IsDuplicate(failure))
        {
            // Sent twice at once: the other one is kept.
            return;
        }

        http.HttpContext!.Response.Cookies.Append(CookieName, token, SessionBook.Cookie);
    }

    /// <summary>The form was sent again: what was kept of it has done its duty.</summary>
    public async Task SpendAsync(CancellationToken ct)
    {
        var path = Request.Path.Value;
        if (Mine() is { } mine && await mine.Where(f => f.Path == path).ExecuteDeleteAsync(ct) > 0)
        {
            http.HttpContext!.Response.Cookies.Delete(CookieName, SessionBook.Cookie);
        }
    }

    public async Task<bool> OpenAsync(string? action)
    {
        if (http.HttpContext is null || !(HttpMethods.IsGet(Request.Method) || HttpMethods.IsHead(Request.Method)))
        {
            return false;
        }

        if (!hasLooked)
        {
            hasLooked = true;
            kept = await FindAsync(http.HttpContext.RequestAborted);
        }

        isOpen = kept is { } form && string.Equals(form.Path, PathOf(action), StringComparison.OrdinalIgnoreCase);
        return isOpen;
    }

    public string? Close()
    {
        var notice = hasFilled ? texts["KeptForm"].Value : null;
        (isOpen, hasFilled) = (false, false);
        taken.Clear();
        return notice;
    }

    public IReadOnlyList<string>? ValuesOf(string? name)
    {
        if (!isOpen || name is null || SecretNames.Includes(name))
        {
            return null;
        }

        var values = kept!.Value.Fields.GetValueOrDefault(name) ?? [];
        hasFilled |= values.Length > 0;
        return values;
    }

    public string? NextOf(string? name)
    {
        if (ValuesOf(name) is not { Count: > 0 } values)
        {
            return null;
        }

        var number = taken.GetValueOrDefault(name!);
        taken[name!] = number + 1;
        return number < values.Count ? values[number] : null;
    }

    private async Task<(string, Dictionary<string, string[]>)?> FindAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (Mine() is not { } mine || await mine.AsNoTracking().SingleOrDefaultAsync(f => f.ExpiresAt > now, ct) is not { } form)
        {
            return null;
        }

        try
        {
            return (form.Path, JsonSerializer.Deserialize<Dictionary<string, string[]>>(protector.Unprotect(form.ProtectedFields))!);
        }
        catch (CryptographicException)
        {
            // Sealed with a key that was revoked since: the page opens without it.
            return null;
        }
    }

    /// <summary>By the cookie of this browser and by who is signed in now; null when either is missing.</summary>
    private IQueryable<KeptForm>? Mine()
    {
        if (actor.Subject is not { } subject || Request.Cookies[CookieName] is not { Length: SecretToken.TokenLength } token)
        {
            return null;
        }

        var (hash, audience) = (SecretToken.Hash(token), actor.Audience);
        return db.Set<KeptForm>().Where(f => f.TokenHash == hash && f.Audience == audience && f.Subject == subject);
    }

    /// <summary>The fields with their values; null when they are too many, too long, or no form at all.</summary>
    private async Task<Dictionary<string, string[]>?> ReadAsync(CancellationToken ct)
    {
        try
        {
            // Files are read past and dropped; their size is bounded by the server's limit on bodies.
            var form = await Request.ReadFormAsync(new FormOptions { ValueCountLimit = MostFields, ValueLengthLimit = MostText }, ct);
            var fields = form.Where(f => !SecretNames.Includes(f.Key)).ToDictionary(f => f.Key, f => f.Value.Select(v => v ?? "").ToArray());
            return fields.Sum(f => f.Key.Length + f.Value.Sum(v => v.Length)) <= MostText ? fields : null;
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or IOException)
        {
            return null;
        }
    }

    /// <summary>Another site must not put words into somebody's form, even if she has to look it over before it goes out.</summary>
    private bool IsFromHere() =>
        Request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin"
        && (
            Request.Headers.Origin.ToString() is not { Length: > 0 } origin
            || (
                Uri.TryCreate(origin, UriKind.Absolute, out var from)
                && string.Equals(from.Host, Request.Host.Host, StringComparison.OrdinalIgnoreCase)
            )
        );

    private string PathOf(string? action)
    {
        var path = action?.Split('?', '#')[0];
        return string.IsNullOrEmpty(path) ? Request.Path.Value ?? ""
            : PathString.FromUriComponent(path[0] == '/' ? path : "/" + path).StartsWithSegments(Request.PathBase, out var rest) ? rest.Value ?? ""
            : path;
    }
}
