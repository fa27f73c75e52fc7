using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Kernel;

namespace Portal.Access.Passkeys;

/// <summary>What a passkey is good for: the portal's public name, and that alone, wherever a request came from.</summary>
internal sealed class RelyingParty(IOptions<PortalOptions> portal) : IConfigureOptions<IdentityPasskeyOptions>
{
    private Uri Url => portal.Value.PublicUrl ?? throw new InvalidOperationException("Portal:PublicUrl is not set.");

    /// <summary>Browsers bind passkeys to names, never to bare addresses.</summary>
    public bool IsPossible => Url.HostNameType == UriHostNameType.Dns;

    /// <summary>As browsers write it.</summary>
    public string Origin => Url.Scheme + "://" + Url.IdnHost + (Url.IsDefaultPort ? "" : FormattableString.Invariant($":{Url.Port}"));

    public void Configure(IdentityPasskeyOptions options)
    {
        var origin = Origin;
        options.ServerDomain = Url.IdnHost;
        options.ValidateOrigin = asked =>
            ValueTask.FromResult(!asked.CrossOrigin && asked.TopOrigin is null && string.Equals(asked.Origin, origin, StringComparison.Ordinal));
        options.AuthenticatorTimeout = PasskeyChallenges.Life;
        options.AttestationConveyancePreference = "none";

        // Unlocking the device is the second factor; a passkey the device can list needs no address typed.
        options.UserVerificationRequirement = "required";
        options.ResidentKeyRequirement = "required";
    }
}
