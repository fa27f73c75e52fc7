using System.Reflection;
using Microsoft.AspNetCore.Mvc.Routing;
using Portal.HouseTests.Violations;
using Portal.Kernel;

namespace Portal.HouseTests;

/// <summary>Whatever a merchant may change says who of the merchants may.</summary>
public sealed class RolesTests
{
    [Test]
    public void Every_merchant_route_that_changes_something_says_who_may() => Unsaid(House.Types).Should().BeEmpty();

    [Test]
    public void The_routes_are_found() =>
        MerchantActions.Of(House.Types).Select(a => a.Name).Should().Contain(["EditStore", "ChangeMode", "SignOutEverywhere", "ChangeRole"]);

    [Test]
    public void Violations_are_reported() =>
        Unsaid([typeof(RolesController)])
            .Should()
            .BeEquivalentTo("Portal.HouseTests.Violations.RolesController.Neither", "Portal.HouseTests.Violations.RolesController.Both");

    private static IEnumerable<string> Unsaid(IEnumerable<Type> types) =>
        MerchantActions.Of(types).Where(a => Says<OwnersOnlyAttribute>(a) + Says<SupportMayAttribute>(a) != 1).Select(MerchantActions.Name);

    private static int Says<TAttribute>(MethodInfo action)
        where TAttribute : Attribute =>
        action.GetCustomAttributes<TAttribute>().Count() + action.ReflectedType!.GetCustomAttributes<TAttribute>().Count();
}

/// <summary>Finds what merchants change things with.</summary>
internal static class MerchantActions
{
    public static IEnumerable<MethodInfo> Of(IEnumerable<Type> types) =>
        types
            .Where(t => !t.IsAbstract && t.GetCustomAttributes().OfType<IForAudience>().Any(a => a.Audience == Audience.Merchant))
            .SelectMany(t => t.GetMethods())
            .Where(m => m.GetCustomAttributes().OfType<HttpMethodAttribute>().SelectMany(a => a.HttpMethods).Any(v => v is not ("GET" or "HEAD")));

    public static string Name(MethodInfo action) => $"{action.ReflectedType!.FullName}.{action.Name}";
}
