using Portal.HouseTests.Violations;
using Portal.Kernel;
using Portal.Kernel.Personal;

namespace Portal.HouseTests;

/// <summary>What the portal keeps about a person is handed out and erased because no table can be forgotten: its own module must name it.</summary>
public sealed class PersonalDataTests
{
    [Test]
    public void Every_row_about_somebody_is_named_by_its_modules_personal_data() => Forgotten(House.Entities, House.Types).Should().BeEmpty();

    [Test]
    public void The_rows_are_found() =>
        House.Entities.Where(IsAboutSomebody).Select(e => e.Name).Should().Contain(["Order", "Session", "OutboxMail"]);

    [Test]
    public void Violations_are_reported()
    {
        Type[] entities = [typeof(OwnedReceipt), typeof(UnownedReceipt), typeof(ForgottenVisit), typeof(NobodysRow)];

        Forgotten(entities, Code.WithNested(typeof(KeepsReceipts)))
            .Should()
            .Equal("Portal.HouseTests.Violations.UnownedReceipt", "Portal.HouseTests.Violations.ForgottenVisit");
        Forgotten(entities, []).Should().HaveCount(3);
    }

    private static IEnumerable<string> Forgotten(IEnumerable<Type> entities, IEnumerable<Type> types)
    {
        var named = types
            .Where(t => Code.Written(t).IsAssignableTo(typeof(IKeepPersonalData)))
            .SelectMany(t =>
                Code.Methods(t)
                    .SelectMany(Code.Calls)
                    .Where(c => c.Method.DeclaringType == typeof(PersonalTable) && c.Method.Name == nameof(PersonalTable.Of))
                    .Select(c => (Entity: c.Method.GetGenericArguments()[0], t.Assembly))
            )
            .ToHashSet();
        return entities.Where(e => IsAboutSomebody(e) && !named.Contains((e, e.Assembly))).Select(e => e.FullName!);
    }

    /// <summary>It names a customer, or somebody signed in, who may be one.</summary>
    private static bool IsAboutSomebody(Type entity) =>
        entity.GetProperty(nameof(IOwned.CustomerId)) is not null || entity.GetProperty("Subject") is not null;
}
