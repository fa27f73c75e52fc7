using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Customers.Data;
using Portal.Kernel;

namespace Portal.Customers.Sessions;

/// <summary>Proves a request's session row; there is nothing in the cookie but the key to it.</summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<SessionAuthenticationOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    SessionBook sessions,
    PortalDb db,
    Buyer buyer
) : AuthenticationHandler<SessionAuthenticationOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (await sessions.SubjectAsync(Options.Audience, Context.RequestAborted) is not { } subject)
        {
            return AuthenticateResult.NoResult();
        }

        if (Options.Audience == Audience.Buyer)
        {
            var id = new CustomerId(subject);
            if (!await db.Set<Customer>().AnyAsync(c => c.RowId == subject && c.DisabledAt == null, Context.RequestAborted))
            {
                return AuthenticateResult.NoResult();
            }

            buyer.Is(id);
        }

        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, subject.ToString(System.Globalization.CultureInfo.InvariantCulture))],
            Scheme.Name
        );
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var returnTo =
            HttpMethods.IsGet(Request.Method) && Request.Path != "/" ? QueryString.Create("returnTo", Request.Path + Request.QueryString) : default;
        Response.Redirect(Request.PathBase + Options.SignInPath + returnTo);
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}

/// <summary>One scheme per audience.</summary>
internal sealed class SessionAuthenticationOptions : AuthenticationSchemeOptions
{
    public Audience Audience { get; set; }
    public string SignInPath { get; set; } = "";
}
