using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Portal.Tests.Support;

namespace Portal.Tests;

/// <summary>What a portal of before holds is there afterwards.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class UpgradeTests(Db db)
{
    [Test]
    public async Task An_address_from_before_there_were_several_is_still_a_way_in()
    {
        await using var portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Idle = true });
        await MigrateAsync(portal, "Initial");
        var now = db == Db.Sqlite ? portal.Now.UtcTicks.ToString(System.Globalization.CultureInfo.InvariantCulture) : "now()";
        foreach (
            var (number, email, canonical, signedIn) in ((int, string, string, string)[])
                [
                    (1, "'Ada@Example.com'", "'ada@example.com'", now),
                    (2, "'bert@example.com'", "'bert@example.com'", "null"),
                    (3, "null", "null", "null"),
                ]
        )
        {
            await portal.ExecuteAsync(
                $"""
                insert into customers_customer ("PublicId", "Email", "EmailCanonical", "CreatedAt", "LastSignInAt", "FoundByEmail", "Version")
                values ('cus_{number}', {email}, {canonical}, {now}, {signedIn}, false, '00000000-0000-0000-0000-00000000000{number}')
                """
            );
        }

        await MigrateAsync(portal, null);

        (await portal.CustomerAsync("ADA@example.com"))!.Email.Should().Be("Ada@Example.com");
        (await portal.CustomerAsync("bert@example.com"))!.PublicId.Should().Be("cus_2");
        (await portal.CountAsync("customers_email")).Should().Be(2);
        (await portal.CountAsync("customers_email", "\"VerifiedAt\" is not null")).Should().Be(1, "one of them has signed in by its mail");
        (await portal.CountAsync("customers_email", "\"Origin\" = 'Processor' and \"PublicId\" like 'adr_%'")).Should().Be(2);
    }

    private static Task<bool> MigrateAsync(PortalUnderTest portal, string? to) =>
        portal.AskAsync(async data =>
        {
            await data.GetService<IMigrator>().MigrateAsync(to);
            return true;
        });
}
