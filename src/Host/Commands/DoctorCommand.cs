using System.CommandLine;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Access.Contract;
using Portal.Connections.Contract;
using Portal.Host.Health;
using Portal.Invoices.Contract;
using Portal.Kernel;
using Portal.Notifications.Contract;

namespace Portal.Host.Commands;

/// <summary><c>portal doctor</c></summary>
internal static class DoctorCommand
{
    public static Command Make(string[] settings)
    {
        var json = new Option<bool>("--json") { Description = "Prints JSON." };
        var command = new Command("doctor", "Checks what the portal needs.") { json };
        command.SetAction(
            (parsed, ct) =>
                PortalCommand.InScopeAsync(
                    settings,
                    async services =>
                    {
                        var findings = await ExamineAsync(services, ct);
                        if (parsed.GetValue(json))
                        {
                            PortalCommand.PrintJson(findings);
                        }
                        else
                        {
                            foreach (var finding in findings)
                            {
                                Console.WriteLine($"{finding.Verdict, -5} {finding.Subject, -22} {finding.Says}");
                            }
                        }

                        return findings.Any(f => f.Verdict == "bad") ? 1 : 0;
                    }
                )
        );
        return command;
    }

    private static async Task<List<Finding>> ExamineAsync(IServiceProvider services, CancellationToken ct)
    {
        var portal = services.GetRequiredService<IOptions<PortalOptions>>().Value;
        List<Finding> findings =
        [
            portal.PublicUrl is { } url
                ? url.Scheme == Uri.UriSchemeHttps || url.IsLoopback
                    ? Good("public URL", url.ToString())
                    : new Finding("warn", "public URL", $"{url} is not https: browsers will not keep buyers signed in.")
                : new Finding("bad", "public URL", "Portal:PublicUrl is not set."),
            .. SelfCheck.OfPrograms(),
            SelfCheck.OfFolder(portal.DataDirectory),
            await DatabaseAsync(services.GetRequiredService<PortalDb>(), ct),
            Directory.EnumerateFiles(Path.Combine(portal.DataDirectory, "keys")).Any()
                ? Good("key ring", Path.Combine(portal.DataDirectory, "keys"))
                : new Finding("warn", "key ring", "It is made at the first start."),
        ];
        var mail = await services.GetRequiredService<IOutbox>().CheckAsync(ct);
        findings.Add(mail is null ? Good("mail", "reachable") : new Finding("bad", "mail", mail));
        var pdf = services.GetRequiredService<IInvoices>().CheckPdf();
        findings.Add(pdf.IsReady ? Good("PDF", "Chromium is there") : new Finding("bad", "PDF", pdf.Problem!));
        var chain = await services.GetRequiredService<IInvoices>().CheckChainAsync(ct);
        findings.Add(
            chain.BrokenAt is null
                ? Good("invoices", string.Create(CultureInfo.InvariantCulture, $"{chain.Documents} documents, numbers and hashes hold"))
                : new Finding(
                    "bad",
                    "invoices",
                    $"The chain breaks at {chain.BrokenAt}: this document, or one before it, was changed after it was issued."
                )
        );
        var (lines, brokenLine) = await services.GetRequiredService<IActivityLog>().CheckAuditAsync(ct);
        findings.Add(
            brokenLine is null
                ? Good("audit log", string.Create(CultureInfo.InvariantCulture, $"{lines} lines, hashes hold"))
                : new Finding(
                    "bad",
                    "audit log",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The chain breaks at line {brokenLine}: it, or one before it, was changed, removed or slipped in."
                    )
                )
        );
        var sentences = services.GetRequiredService<IPluginSentences>();
        findings.AddRange(
            services
                .GetRequiredService<PluginCatalog>()
                .All.Select(p =>
                    p.State == PluginState.Active
                        ? Good("plugin " + p.Folder, p.Manifest!.Version)
                        : new Finding("warn", "plugin " + p.Folder, sentences.Reason(p)!)
                )
        );
        foreach (var connection in await services.GetRequiredService<IConnections>().HealthAsync(ct))
        {
            var subject = "connection " + connection.Info.Name;
            findings.Add(
                connection.LastWebhookAt is { } at
                    ? Good(subject, "last webhook " + at.ToMinute(CultureInfo.InvariantCulture))
                    : new Finding("warn", subject, "No webhook has ever arrived: is its URL set at the processor?")
            );
        }

        return findings;
    }

    private static async Task<Finding> DatabaseAsync(PortalDb db, CancellationToken ct)
    {
        var finding = await SelfCheck.OfDatabaseAsync(db, ct);
        var pending = finding.Verdict == "bad" ? 0 : (await db.Database.GetPendingMigrationsAsync(ct)).Count();
        return pending == 0
            ? finding
            : new Finding("bad", "database", string.Create(CultureInfo.InvariantCulture, $"{pending} migrations are missing: portal migrate."));
    }

    private static Finding Good(string subject, string says) => new("good", subject, says);
}
