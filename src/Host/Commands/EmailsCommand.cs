using System.CommandLine;
using Portal.Notifications.Contract;

namespace Portal.Host.Commands;

/// <summary><c>portal emails …</c></summary>
internal static class EmailsCommand
{
    private const int Newest = 200;

    public static Command Make(string[] settings)
    {
        var json = new Option<bool>("--json") { Description = "Prints JSON." };
        var full = new Option<bool>("--full") { Description = "Shows whole addresses." };
        var list = new Command("list", "Lists the newest mails of the outbox.") { json, full };
        list.SetAction(
            (parsed, ct) =>
                PortalCommand.InScopeAsync(
                    settings,
                    async services =>
                    {
                        var mails = (await services.GetRequiredService<IOutbox>().NewestAsync(Newest, ct))
                            .Select(m => Masked(m, parsed.GetValue(full)))
                            .ToList();
                        if (parsed.GetValue(json))
                        {
                            PortalCommand.PrintJson(mails);
                        }
                        else
                        {
                            foreach (var mail in mails)
                            {
                                Console.WriteLine($"{mail.Id} {mail.CreatedAt:u} {mail.State, -10} {mail.To, -30} {mail.Subject} {mail.Reason}");
                            }
                        }

                        return 0;
                    }
                )
        );

        var id = new Argument<string>("id") { Description = "The mail's id." };
        var show = new Command("show", "Shows one mail.") { id, json, full };
        show.SetAction(
            (parsed, ct) =>
                PortalCommand.InScopeAsync(
                    settings,
                    async services =>
                    {
                        var mail =
                            await services.GetRequiredService<IOutbox>().FindAsync(parsed.GetValue(id)!, ct)
                            ?? throw new RefusedException("There is no such mail.");
                        mail = mail with { Entry = Masked(mail.Entry, parsed.GetValue(full)) };
                        if (parsed.GetValue(json))
                        {
                            PortalCommand.PrintJson(mail);
                        }
                        else
                        {
                            Console.WriteLine($"To: {mail.Entry.To}\nSubject: {mail.Entry.Subject}\n\n{mail.Text}");
                        }

                        return 0;
                    }
                )
        );
        return new Command("emails", "The outbox.") { list, show };
    }

    private static OutboxEntry Masked(OutboxEntry mail, bool full) =>
        full || mail.To.IndexOf('@', StringComparison.Ordinal) is var at && at < 1 ? mail : mail with { To = mail.To[..1] + "••" + mail.To[at..] };
}
