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
    public required string Profile { get; init; }
    public required string ProfileSaved { get; init; }
    public required string SomeWrong { get; init; }
    public required string Active { get; init; }
    public required string Scheduled { get; init; }
    public required string EndsOn { get; init; }
    public required string WillEndOn { get; init; }
    public required string CancelOn { get; init; }
    public required string NotFound { get; init; }
    public required string MerchantSignIn { get; init; }
    public required string SetUp { get; init; }
    public required string Dashboard { get; init; }
    public required string Connections { get; init; }
    public required string AddConnection { get; init; }
    public required string Parked { get; init; }
    public required string NothingParked { get; init; }
    public required string Store { get; init; }
    public required string Capabilities { get; init; }
    public required string SecondFactor { get; init; }
    public required string RecoveryCodes { get; init; }
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
            Profile = "Profile",
            ProfileSaved = "Your profile is saved.",
            SomeWrong = "Some fields need another look.",
            Active = "Active",
            Scheduled = "Cancellation scheduled",
            EndsOn = "This subscription ends on ",
            WillEndOn = "Your subscription ends on ",
            CancelOn = "Cancel on ",
            NotFound = "This page is not here",
            MerchantSignIn = "Merchant sign-in",
            SetUp = "Set up Portal",
            Dashboard = "Dashboard",
            Connections = "Connections",
            AddConnection = "Add a connection",
            Parked = "Parked deliveries",
            NothingParked = "Nothing is parked",
            Store = "Store",
            Capabilities = "What each processor can do",
            SecondFactor = "Second factor",
            RecoveryCodes = "Recovery codes",
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
            Profile = "Profil",
            ProfileSaved = "Ihr Profil ist gespeichert.",
            SomeWrong = "Bitte sehen Sie sich einige Felder noch einmal an.",
            Active = "Aktiv",
            Scheduled = "Kündigung vorgemerkt",
            EndsOn = "Dieses Abonnement endet am ",
            WillEndOn = "Ihr Abonnement endet am ",
            CancelOn = "Zum ",
            NotFound = "Diese Seite gibt es nicht",
            MerchantSignIn = "Anmeldung für Händler",
            SetUp = "Portal einrichten",
            Dashboard = "Übersicht",
            Connections = "Verbindungen",
            AddConnection = "Verbindung hinzufügen",
            Parked = "Zurückgelegte Zustellungen",
            NothingParked = "Nichts liegt zurück",
            Store = "Geschäft",
            Capabilities = "Was jeder Zahlungsdienst kann",
            SecondFactor = "Zweiter Faktor",
            RecoveryCodes = "Wiederherstellungscodes",
            DayFormat = "d. MMMM yyyy",
        };

    public string Day(DateTimeOffset moment) => moment.UtcDateTime.ToString(DayFormat, CultureInfo.GetCultureInfo(Language));

    public override string ToString() => Language;
}
