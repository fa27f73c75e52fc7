namespace Portal.Tests.Support;

/// <summary>A portal with a Stripe account, for what its events do.</summary>
public abstract class StripeFixture(Db db)
{
    private static int customers;
    private protected PortalUnderTest portal = null!;
    private protected StripeAccount stripe = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db);
        stripe = await StripeAccount.StartAsync(portal);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await portal.DisposeAsync();
        await stripe.DisposeAsync();
    }

    /// <summary>Letters and digits nobody else has.</summary>
    private protected static string NewCustomer() => $"Buyer{Interlocked.Increment(ref customers)}x";

    /// <summary>Every order of these.</summary>
    private protected static IEnumerable<T[]> Permutations<T>(T[] of) =>
        of.Length <= 1 ? [of] : of.SelectMany((first, i) => Permutations([.. of[..i], .. of[(i + 1)..]]).Select(rest => (T[])[first, .. rest]));
}
