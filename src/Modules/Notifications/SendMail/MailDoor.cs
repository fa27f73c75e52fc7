using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using Portal.Kernel;
using Portal.Notifications.Data;

namespace Portal.Notifications.SendMail;

/// <summary>The one place that knows how mail leaves; another mail library is one change here.</summary>
internal sealed class MailDoor(IOptions<MailOptions> options, IOptions<PortalOptions> portal)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="SmtpException">The server refused or could not be reached.</exception>
    public async Task SendAsync(OutboxMail mail, MailBody body, string senderName, CancellationToken ct)
    {
        var settings = options.Value;
        using var message = Message(mail, body, new MailAddress(settings.From, senderName, Encoding.UTF8));
        using var client = Client(settings);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        await client.SendMailAsync(message, patience.Token);
    }

    /// <summary>What is wrong with the way out; null when nothing is.</summary>
    public async Task<string?> CheckAsync(CancellationToken ct)
    {
        var settings = options.Value;
        if (settings.Transport == MailTransport.Folder)
        {
            Directory.CreateDirectory(Folder(settings));
            return null;
        }

        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(TimeSpan.FromSeconds(5));
            using var connection = new TcpClient();
            await connection.ConnectAsync(settings.Host, settings.Port, patience.Token);
            return null;
        }
        catch (Exception unreachable) when (unreachable is SocketException or OperationCanceledException)
        {
            return $"{settings.Host}:{settings.Port}: {unreachable.Message}";
        }
    }

    private SmtpClient Client(MailOptions settings)
    {
        if (settings.Transport == MailTransport.Folder)
        {
            return new SmtpClient
            {
                DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory,
                PickupDirectoryLocation = Directory.CreateDirectory(Folder(settings)).FullName,
            };
        }

        return new SmtpClient(settings.Host, settings.Port)
        {
            EnableSsl = settings.Security == MailSecurity.StartTls,
            DeliveryFormat = SmtpDeliveryFormat.International,
            Credentials = settings.User is { Length: > 0 } user ? new NetworkCredential(user, settings.Password) : null,
        };
    }

    private string Folder(MailOptions settings) => Path.GetFullPath(settings.Folder, Path.GetFullPath(portal.Value.DataDirectory));

    private static MailMessage Message(OutboxMail mail, MailBody body, MailAddress from)
    {
        var message = new MailMessage(from, new MailAddress(mail.To))
        {
            Subject = body.Subject,
            SubjectEncoding = Encoding.UTF8,
            BodyEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
        };

        // From the row: a mail that had to be sent twice is recognizable as one.
        message.Headers.Add("Message-ID", $"<{mail.PublicId}@{from.Host}>");
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(body.Text, Encoding.UTF8, MediaTypeNames.Text.Plain));
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(body.Html, Encoding.UTF8, MediaTypeNames.Text.Html));
        return message;
    }
}
