using System.Text;
using Portal.Admin.SetUpSecondFactor;

namespace Portal.Tests;

/// <summary>The codes of authenticator apps against the standard's own figures.</summary>
public sealed class TotpTests
{
    private static readonly byte[] Key = Encoding.ASCII.GetBytes("12345678901234567890");

    /// <summary>RFC 6238, appendix B; of its eight digits the last six.</summary>
    [TestCase(59, "287082")]
    [TestCase(1111111109, "081804")]
    [TestCase(1111111111, "050471")]
    [TestCase(1234567890, "005924")]
    [TestCase(2000000000, "279037")]
    [TestCase(20000000000, "353130")]
    public void Codes_are_the_standards(long seconds, string code)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(seconds);

        Totp.CodeOf(Key, Totp.StepAt(now)).Should().Be(code);
        Totp.StepOf(Key, code, now).Should().Be(seconds / 30);
        Totp.StepOf(Key, code[..3] + " " + code[3..], now).Should().Be(seconds / 30, "apps show a gap in the middle");
    }

    [Test]
    public void A_code_counts_one_step_early_and_one_step_late()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1234567890);
        var code = Totp.CodeOf(Key, Totp.StepAt(now));

        foreach (var steps in (int[])[-1, 0, 1])
        {
            Totp.StepOf(Key, code, now.AddSeconds(30 * steps)).Should().Be(Totp.StepAt(now));
        }

        Totp.StepOf(Key, code, now.AddSeconds(60)).Should().BeNull();
        Totp.StepOf(Key, code, now.AddSeconds(-60)).Should().BeNull();
        foreach (var wrong in (string[])["", "00592", "0059240", "abcdef", "00592４"])
        {
            Totp.StepOf(Key, wrong, now).Should().BeNull(wrong);
        }
    }

    /// <summary>RFC 4648, section 10, without padding.</summary>
    [TestCase("f", "MY")]
    [TestCase("fo", "MZXQ")]
    [TestCase("foo", "MZXW6")]
    [TestCase("foob", "MZXW6YQ")]
    [TestCase("fooba", "MZXW6YTB")]
    [TestCase("foobar", "MZXW6YTBOI")]
    public void Keys_are_written_in_base_32(string bytes, string text) => Totp.ToText(Encoding.ASCII.GetBytes(bytes)).Should().Be(text);

    [Test]
    public void The_app_is_told_everything_and_names_are_escaped() =>
        Totp.Address(Key, "Atelier & Søn: Nord", "ada@example.com")
            .Should()
            .Be(
                "otpauth://totp/Atelier%20%26%20S%C3%B8n%3A%20Nord:ada%40example.com"
                    + "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Atelier%20%26%20S%C3%B8n%3A%20Nord&algorithm=SHA1&digits=6&period=30"
            );
}
