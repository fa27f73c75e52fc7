using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Access.Contract;
using Portal.Access.KeepForms;
using Portal.Kernel;

namespace Portal.Access.Sessions;

/// <summary>Proves a request's session row; there is nothing in the cookie but the key to it.</summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<SessionAuthenticationOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    SessionBook sessions,
    KeptForms forms,
    FormPages pages,
    IEnumerable<ISubjects> subjects,
    Buyer buyer,
    Actor actor,
    TimeProvider clock
) : AuthenticationHandler<SessionAuthenticationOptions>(options, logger, encoder)
{
    /// <summary>The claim of a session that began a short while ago.</summary>
    public const string Fresh = "fresh";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var ct = Context.RequestAborted;
        if (
            await sessions.CurrentAsync(Options.Audience, ct) is not { } session
            || await subjects.Single(s => s.Audience == Options.Audience).FindAsync(session.Subject, ct) is not { } subject
        )
        {
            return AuthenticateResult.NoResult();
        }

        if (Options.Audience == Audience.Buyer)
        {
            buyer.Is(new CustomerId(session.Subject));
        }

        actor.Is(Options.Audience, session.Subject, subject.Name);
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, session.Subject.ToString(CultureInfo.InvariantCulture))],
            Scheme.Name
        );
        if (subject.Role is { } role)
        {
            identity.AddClaim(new Claim(ClaimTypes.Role, role.ToString()));
        }

        if (session.CreatedAt > clock.GetUtcNow() - FreshSignInAttribute.Life)
        {
            identity.AddClaim(new Claim(Fresh, ""));
        }

        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var page = HttpMethods.IsGet(Request.Method) ? Request.Path + Request.QueryString : null;
        if (HttpMethods.IsPost(Request.Method))
        {
            page = pages.Find(Request, Options.Audience);
            await forms.KeepAsync(Options.Audience, Context.RequestAborted);
        }

        var returnTo = page is null or "/" ? default : QueryString.Create("returnTo", page);
        Response.Redirect(Request.PathBase + Options.SignInPath + returnTo);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var isStale =
            Context.GetEndpoint()?.Metadata.GetMetadata<FreshSignInAttribute>() is not null
            && (await HandleAuthenticateOnceAsync()).Principal?.HasClaim(c => c.Type == Fresh) == false;
        if (isStale)
        {
            await HandleChallengeAsync(properties);
        }
        else
        {
            Response.StatusCode = Options.Audience == Audience.Merchant ? StatusCodes.Status403Forbidden : StatusCodes.Status404NotFound;
        }
    }
}

/// <summary>One scheme per audience.</summary>
internal sealed class SessionAuthenticationOptions : AuthenticationSchemeOptions
{
    public Audience Audience { get; set; }
    public string SignInPath { get; set; } = "";
}
