using System.CommandLine;
using Portal.Admin.Contract;

namespace Portal.Host.Commands;

/// <summary><c>portal merchants …</c></summary>
internal static class MerchantsCommand
{
    public static Command Make(string[] settings)
    {
        var email = new Option<string>("--email") { Required = true, Description = "The account's e-mail address." };
        var fromInput = new Option<bool>("--password-stdin") { Required = true, Description = "Reads the password from standard input." };
        var add = new Command("add", "Adds a merchant account.") { email, fromInput };
        add.SetAction(
            (parsed, ct) =>
                PortalCommand.InScopeAsync(
                    settings,
                    async services =>
                    {
                        var password = (await Console.In.ReadLineAsync(ct)) ?? "";
                        var problem = await services.GetRequiredService<IMerchants>().AddAsync(parsed.GetValue(email)!, password, ct);
                        if (problem is not null)
                        {
                            throw new RefusedException(problem);
                        }

                        Console.WriteLine("Added.");
                        return 0;
                    }
                )
        );
        return new Command("merchants", "The people who administer the portal.") { add };
    }
}
