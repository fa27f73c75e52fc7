using System.CommandLine;
using System.Globalization;
using Portal.Admin.Contract;
using Portal.Kernel;

namespace Portal.Host.Commands;

/// <summary><c>portal merchants …</c></summary>
internal static class MerchantsCommand
{
    public static Command Make(string[] settings) => new("merchants", "The people who administer the portal.") { Add(settings), List(settings) };

    private static Command Add(string[] settings)
    {
        var email = new Option<string>("--email") { Required = true, Description = "The account's e-mail address." };
        var fromInput = new Option<bool>("--password-stdin") { Required = true, Description = "Reads the password from standard input." };
        var role = new Option<string>("--role") { DefaultValueFactory = _ => "owner", Description = "owner (default) or support." };
        role.AcceptOnlyFromAmong("owner", "support");
        var add = new Command("add", "Adds a merchant account.") { email, fromInput, role };
        add.SetAction(
            (parsed, ct) =>
                PortalCommand.InScopeAsync(
                    settings,
                    async services =>
                    {
                        var password = (await Console.In.ReadLineAsync(ct)) ?? "";
                        var chosen = Enum.Parse<MerchantRole>(parsed.GetValue(role)!, ignoreCase: true);
                        var problem = await services.GetRequiredService<IMerchants>().AddAsync(parsed.GetValue(email)!, password, chosen, ct);
                        if (problem is not null)
                        {
                            throw new RefusedException(problem);
                        }

                        Console.WriteLine("Added.");
                        return 0;
                    }
                )
        );
        return add;
    }

    private static Command List(string[] settings)
    {
        var json = new Option<bool>("--json") { Description = "Prints JSON." };
        var list = new Command("list", "Lists the merchant accounts.") { json };
        list.SetAction(
            (parsed, ct) =>
                PortalCommand.InScopeAsync(
                    settings,
                    async services =>
                    {
                        var merchants = await services.GetRequiredService<IMerchants>().ListAsync(ct);
                        if (parsed.GetValue(json))
                        {
                            PortalCommand.PrintJson(merchants.Select(m => new Row(m)));
                            return 0;
                        }

                        foreach (var row in merchants.Select(m => new Row(m)))
                        {
                            var seen = row.LastSignInAt?.ToString("u", CultureInfo.InvariantCulture) ?? "never";
                            Console.WriteLine(
                                $"{row.Email, -40} {row.Role, -8} {row.State, -9} {(row.SecondFactor ? "second factor" : "password only"), -14} last sign-in {seen}"
                            );
                        }

                        return 0;
                    }
                )
        );
        return list;
    }

    private sealed record Row(string Id, string Email, string Role, string State, bool SecondFactor, DateTimeOffset? LastSignInAt)
    {
        public Row(MerchantInfo merchant)
            : this(
                merchant.Id,
                merchant.Email,
                merchant.Role.ToString().ToLowerInvariant(),
                merchant.Disabled ? "disabled"
                    : merchant.Invited ? "invited"
                    : "active",
                merchant.SecondFactor,
                merchant.LastSignInAt
            ) { }
    }
}
