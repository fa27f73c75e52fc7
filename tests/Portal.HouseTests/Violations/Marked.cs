using Portal.TestSupport;

namespace Portal.HouseTests;

/// <summary>Marked in every way there is, with cases there are not: what the reader of marks must find.</summary>
[SecurityCase("X3", "a fixture")]
public sealed class Marked
{
    [Test]
    [SecurityCase("X1", "a test")]
    public void A_test() => Helper().Should().Be("helper");

    [SecurityCase("X2", "no test")]
    public static string Helper() => "helper";
}
