namespace Portal.Customers.SignIn;

/// <summary>The settings under <c>SignIn</c> that are about mails.</summary>
internal sealed class SignInOptions
{
    /// <summary>How long a mailed link works, in minutes.</summary>
    public int LinkMinutes { get; set; } = 30;
}
