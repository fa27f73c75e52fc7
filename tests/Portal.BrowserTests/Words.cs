using System.Globalization;

namespace Portal.BrowserTests;

/// <summary>What the story reads on its way, in one language. Said here again, so that a page in the wrong language fails.</summary>
internal sealed record Words
{
    /// <summary>What the browser asks for.</summary>
    public required string Locale { get; init; }

    /// <summary>What the page says it is in.</summary>
    public required string Language { get; init; }
    public required string SignIn { get; init; }
    public required string CheckMail { get; init; }
    public required string SignInSubject { get; init; }
    public required string Welcome { get; init; }
    public required string Hello { get; init; }
    public required string Orders { get; init; }
    public required string Payments { get; init; }
    public required string Subscriptions { get; init; }
    public required string Invoice { get; init; }
    public required string Active { get; init; }
    public required string Scheduled { get; init; }
    public required string EndsOn { get; init; }
    public required string WillEndOn { get; init; }
    public required string CancelOn { get; init; }
    public required string NotFound { get; init; }
    public required string DayFormat { get; init; }

    public static Words English { get; } =
        new()
        {
            Locale = "en-US",
            Language = "en",
            SignIn = "Sign in",
            CheckMail = "Check your mail",
            SignInSubject = "Your sign-in link",
            Welcome = "Welcome back",
            Hello = "Hello, ",
            Orders = "Orders",
            Payments = "Payments",
            Subscriptions = "Subscriptions",
            Invoice = "Invoice",
            Active = "Active",
            Scheduled = "Cancellation scheduled",
            EndsOn = "This subscription ends on ",
            WillEndOn = "Your subscription ends on ",
            CancelOn = "Cancel on ",
            NotFound = "This page is not here",
            DayFormat = "MMMM d, yyyy",
        };

    public static Words German { get; } =
        new()
        {
            Locale = "de-DE",
            Language = "de",
            SignIn = "Anmelden",
            CheckMail = "Sehen Sie in Ihre Post",
            SignInSubject = "Ihr Anmelde-Link",
            Welcome = "Willkommen zurück",
            Hello = "Guten Tag, ",
            Orders = "Bestellungen",
            Payments = "Zahlungen",
            Subscriptions = "Abonnements",
            Invoice = "Rechnung",
            Active = "Aktiv",
            Scheduled = "Kündigung vorgemerkt",
            EndsOn = "Dieses Abonnement endet am ",
            WillEndOn = "Ihr Abonnement endet am ",
            CancelOn = "Zum ",
            NotFound = "Diese Seite gibt es nicht",
            DayFormat = "d. MMMM yyyy",
        };

    public string Day(DateTimeOffset moment) => moment.UtcDateTime.ToString(DayFormat, CultureInfo.GetCultureInfo(Language));

    public override string ToString() => Language;
}
