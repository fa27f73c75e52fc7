using Microsoft.Extensions.Localization;
using Portal.Customers.Contract;
using Portal.Kernel;
using Portal.Notifications.SendMail;

namespace Portal.Notifications.Mails;

/// <summary>The copy of her data is ready to be fetched.</summary>
internal sealed class DataExportMail(MailWriter mail, IStringLocalizer<Texts> texts) : IHandle<DataExportReady>
{
    public Task HandleAsync(DataExportReady happened, CancellationToken ct) =>
        mail.WriteAsync(
            "data-export",
            happened.ExportId,
            happened.Customer,
            happened.Language,
            _ => new MailContent
            {
                Subject = texts["ExportSubject"],
                Paragraphs = [texts["ExportText", happened.LinkEndsAt.ToMinute()]],
                ButtonText = texts["ExportButton"],
                ButtonPath = "/profile/data/link/" + happened.Token,
                Note = texts["ExportNote", happened.KeptUntil.ToDay()],
            },
            ct
        );
}

/// <summary>Where her wish to be erased stands.</summary>
internal sealed class ErasureMail(MailWriter mail, IStringLocalizer<Texts> texts) : IHandle<ErasureMoved>
{
    /// <summary>The last mail she gets; it outlives her other data by the day it needs to be sent.</summary>
    public const string Farewell = "erasure-done";

    public Task HandleAsync(ErasureMoved happened, CancellationToken ct) =>
        happened.State == ErasureState.Ordered
            ? Task.CompletedTask
            : mail.WriteAsync(
                happened.State == ErasureState.Done ? Farewell : "erasure",
                $"{happened.RequestId}:{happened.State}",
                happened.Customer,
                happened.Language,
                _ => new MailContent
                {
                    Subject = texts["ErasureSubject" + happened.State],
                    Paragraphs = happened.Reason is { } reason
                        ? [texts["ErasureText" + happened.State], reason]
                        : [texts["ErasureText" + happened.State]],
                    ButtonText = texts[happened.State == ErasureState.Done ? "ErasureButtonDone" : "ErasureButton"],
                    ButtonPath = happened.State == ErasureState.Done ? "/" : "/profile/data",
                },
                ct
            );
}
