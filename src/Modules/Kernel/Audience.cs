using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace Portal.Kernel;

/// <summary>Who a route is for. Every controller says it with one of the attributes below; a test finds those that do not.</summary>
public enum Audience
{
    /// <summary>Everybody.</summary>
    Public,

    /// <summary>A signed-in buyer.</summary>
    Buyer,

    /// <summary>A signed-in merchant.</summary>
    Merchant,

    /// <summary>A processor, proven by its signature.</summary>
    Webhook,
}

/// <summary>What a merchant may do.</summary>
public enum MerchantRole
{
    /// <summary>Looks and helps: customers, orders, deliveries. Changes no settings, keys or accounts.</summary>
    Support,

    /// <summary>Everything.</summary>
    Owner,
}

/// <summary>What pages ask about roles.</summary>
public static class MerchantRoles
{
    /// <summary>Whether she may do everything: pages show others the same, without the buttons they may not press.</summary>
    public static bool IsOwner(this ClaimsPrincipal user) => user.IsInRole(nameof(MerchantRole.Owner));
}

/// <summary>Says who a route is for.</summary>
public interface IForAudience
{
    /// <summary>Who.</summary>
    Audience Audience { get; }
}

/// <summary>For signed-in buyers.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ForBuyersAttribute() : AuthorizeAttribute(nameof(Audience.Buyer)), IForAudience
{
    /// <inheritdoc />
    public Audience Audience => Audience.Buyer;
}

/// <summary>For signed-in merchants.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ForMerchantsAttribute() : AuthorizeAttribute(nameof(Audience.Merchant)), IForAudience
{
    /// <inheritdoc />
    public Audience Audience => Audience.Merchant;
}

/// <summary>Of the merchants, for owners only. Every merchant route that changes something says this or <see cref="SupportMayAttribute"/>; a test finds those that do not.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class OwnersOnlyAttribute() : AuthorizeAttribute(nameof(MerchantRole.Owner));

/// <summary>Of the merchants, support may do this, too: it helps a customer and changes no settings, keys or accounts.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SupportMayAttribute : Attribute;

/// <summary>For everybody.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ForEverybodyAttribute : AllowAnonymousAttribute, IForAudience
{
    /// <inheritdoc />
    public Audience Audience => Audience.Public;
}

/// <summary>For processors: no cookie counts, the signature decides.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ForProcessorsAttribute : AllowAnonymousAttribute, IForAudience
{
    /// <inheritdoc />
    public Audience Audience => Audience.Webhook;
}
