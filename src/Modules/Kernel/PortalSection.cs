using System.Globalization;
using System.Resources;

namespace Portal.Kernel;

/// <summary>A module's place in a navigation.</summary>
public sealed record PortalSection
{
    /// <summary>Whose navigation: the buyer's or the merchant's.</summary>
    public required Audience Audience { get; init; }

    /// <summary>Where it is: <c>/orders</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The module's words.</summary>
    public required Type Texts { get; init; }

    /// <summary>The key of its name among them.</summary>
    public required string Name { get; init; }

    /// <summary>Its name in the current culture.</summary>
    public string Label => new ResourceManager(Texts).GetString(Name, CultureInfo.CurrentUICulture) ?? Name;

    /// <summary>The path of the place it stands below; null for one in the navigation itself.</summary>
    public string? Parent { get; init; }

    /// <summary>Smaller comes first.</summary>
    public required int Order { get; init; }
}

/// <summary>A piece one module shows on a page another module owns: the invoice on an order's page.</summary>
/// <param name="Slot">The page's name for the place; see <see cref="PageSlots"/>.</param>
/// <param name="Order">Smaller comes first.</param>
/// <param name="Component">The view component's name.</param>
public sealed record PagePart(string Slot, int Order, string Component);

/// <summary>The places other modules may add to.</summary>
public static class PageSlots
{
    /// <summary>The buyer's overview, above everything: what needs her. No argument.</summary>
    public const string Attention = "attention";

    /// <summary>The buyer's overview, one small card beside the others. No argument.</summary>
    public const string OverviewCard = "overview-card";

    /// <summary>The buyer's overview, full width. No argument.</summary>
    public const string Overview = "overview";

    /// <summary>An order's page. Argument: <c>orderId</c>.</summary>
    public const string Order = "order";

    /// <summary>A subscription's page. Argument: <c>subscription</c>.</summary>
    public const string Subscription = "subscription";

    /// <summary>Above the billing history: what is charged next. No argument.</summary>
    public const string Payments = "payments";

    /// <summary>The buyer's profile: below her name and addresses. No argument.</summary>
    public const string Profile = "profile";

    /// <summary>The buyer's security page: ways in besides the mail. No argument.</summary>
    public const string Security = "security";

    /// <summary>The sign-in page: ways in besides the mail. Argument: <c>returnTo</c>.</summary>
    public const string SignIn = "sign-in";

    /// <summary>The merchant's security page: ways in besides the password. No argument.</summary>
    public const string AdminSecurity = "admin-security";

    /// <summary>The merchant's sign-in page: ways in besides the password. Argument: <c>returnTo</c>.</summary>
    public const string AdminSignIn = "admin-sign-in";

    /// <summary>A customer's page in the administration. Argument: <c>customer</c>, her row number.</summary>
    public const string AdminCustomer = "admin-customer";

    /// <summary>The merchant's dashboard. No argument.</summary>
    public const string Dashboard = "dashboard";
}

/// <summary>Finds the parts of a slot.</summary>
public sealed class PageParts(IEnumerable<PagePart> parts)
{
    /// <summary>In order.</summary>
    public IEnumerable<PagePart> For(string slot) => parts.Where(p => p.Slot == slot).OrderBy(p => p.Order);
}
