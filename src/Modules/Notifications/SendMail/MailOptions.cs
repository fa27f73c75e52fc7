namespace Portal.Notifications.SendMail;

/// <summary>How mail leaves.</summary>
internal enum MailTransport
{
    /// <summary>To a mail server.</summary>
    Smtp,

    /// <summary>Into a folder, one <c>.eml</c> per mail.</summary>
    Folder,
}

/// <summary>How the connection to the mail server is secured.</summary>
internal enum MailSecurity
{
    /// <summary>Not at all: for a server on the same machine.</summary>
    None,

    /// <summary>STARTTLS; a server without it is refused.</summary>
    StartTls,
}

/// <summary>The settings under <c>Mail</c>.</summary>
internal sealed class MailOptions
{
    public MailTransport Transport { get; set; } = MailTransport.Smtp;
    public string Host { get; set; } = "localhost";
    public int Port { get; set; } = 587;
    public string? User { get; set; }
    public string? Password { get; set; }
    public MailSecurity Security { get; set; } = MailSecurity.StartTls;

    /// <summary>The sender: <c>shop@example.com</c>.</summary>
    public string From { get; set; } = "portal@localhost";

    /// <summary>For <see cref="MailTransport.Folder"/>; relative to the data directory.</summary>
    public string Folder { get; set; } = "mail";
}
