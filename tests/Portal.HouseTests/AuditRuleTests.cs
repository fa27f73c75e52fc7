using System.Reflection;
using System.Runtime.CompilerServices;
using Portal.Access.Contract;
using Portal.HouseTests.Violations;

namespace Portal.HouseTests;

/// <summary>Whatever a merchant does ends up in the audit log.</summary>
public sealed class AuditRuleTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    /// <summary>What changes nothing a merchant would ask after; each with why.</summary>
    private static readonly Dictionary<string, string> NotRecorded = new()
    {
        ["Portal.Access.Passkeys.MerchantPasskeysController.Options"] = "asks the device for a passkey; adding it is what is recorded",
    };

    [Test]
    public void Every_action_of_a_merchant_is_recorded() => Unrecorded(House.Types).Should().BeEquivalentTo(NotRecorded.Keys);

    [Test]
    public void Violations_are_reported() =>
        Unrecorded([typeof(RolesController)])
            .Should()
            .BeEquivalentTo("Portal.HouseTests.Violations.RolesController.Neither", "Portal.HouseTests.Violations.RolesController.Both");

    private static IEnumerable<string> Unrecorded(IEnumerable<Type> types) =>
        MerchantActions.Of(types).Where(a => !Reaches(a, [], House.Types.ToList())).Select(MerchantActions.Name);

    /// <summary>Whether a method calls the log, itself or through methods of its own module: those of interfaces by whoever implements them there.</summary>
    private static bool Reaches(MethodBase method, HashSet<MethodBase> seen, IReadOnlyList<Type> all)
    {
        if (!seen.Add(method))
        {
            return false;
        }

        var called = Bodies(method).SelectMany(Code.Calls).Select(c => c.Method).ToList();
        return called.Any(c => c.Name == nameof(IActivityLog.RecordAsync) && c.DeclaringType == typeof(IActivityLog))
            || called
                .Where(c => c.DeclaringType?.Assembly == method.Module.Assembly)
                .SelectMany(c => c.DeclaringType!.IsInterface ? Implementations(c, all) : [c])
                .Any(c => Reaches(c, seen, all));
    }

    /// <summary>An async method's code is in the state machine the compiler made of it.</summary>
    private static IEnumerable<MethodBase> Bodies(MethodBase method) =>
        method.GetCustomAttribute<AsyncStateMachineAttribute>() is { } machine
            ? [method, machine.StateMachineType.GetMethod("MoveNext", Declared)!]
            : [method];

    private static IEnumerable<MethodBase> Implementations(MethodBase declared, IEnumerable<Type> all) =>
        from type in all
        where type.Assembly == declared.Module.Assembly && type.IsClass && !type.IsAbstract && type.IsAssignableTo(declared.DeclaringType)
        let map = type.GetInterfaceMap(declared.DeclaringType!)
        from pair in map.InterfaceMethods.Zip(map.TargetMethods)
        where pair.First == declared
        select pair.Second;
}
