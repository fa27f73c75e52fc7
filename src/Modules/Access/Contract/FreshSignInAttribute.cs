using Microsoft.AspNetCore.Authorization;
using Portal.Kernel;

namespace Portal.Access.Contract;

/// <summary>
/// Only shortly after signing in: for what would let a stranger at an open browser stay for good. Whoever signed in earlier does so
/// once more and comes back.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class FreshSignInAttribute() : AuthorizeAttribute(Policy)
{
    /// <summary>The policy's name.</summary>
    public new const string Policy = "FreshSignIn";

    /// <summary>How long a sign-in is fresh.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(15);
}
