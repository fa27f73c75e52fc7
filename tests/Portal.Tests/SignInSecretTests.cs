using Portal.Customers.SignIn;
using Portal.Kernel;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Tokens and codes are chance and nothing else. The limits below let a good generator fail once in a billion runs.</summary>
public sealed class SignInSecretTests
{
    private const int Many = 1000;

    [SecurityCase("S6", "a thousand tokens: one length, 256 bits, nothing shared")]
    [Test]
    public void A_thousand_tokens_share_nothing()
    {
        var tokens = Enumerable.Range(0, Many).Select(_ => SecretToken.New()).ToList();

        tokens.Should().OnlyContain(t => t.Length == 43 && t.All(c => char.IsAsciiLetterOrDigit(c) || c == '-' || c == '_'));
        tokens.Where(t => Guid.TryParse(t, out _)).Should().BeEmpty();
        tokens
            .SelectMany(t => Enumerable.Range(0, t.Length - 8).Select(i => t.Substring(i, 9)))
            .Should()
            .OnlyHaveUniqueItems("no part of 54 bits repeats");
    }

    [SecurityCase("S6", "no bit of a token is likelier than another")]
    [Test]
    public void Every_bit_of_a_token_is_even_odds()
    {
        var tokens = Enumerable.Range(0, Many).Select(_ => System.Buffers.Text.Base64Url.DecodeFromChars(SecretToken.New())).ToList();

        tokens.Should().OnlyContain(t => t.Length == 32, "that is 256 bits");
        for (var bit = 0; bit < 256; bit++)
        {
            // Six standard deviations either side of the half.
            tokens.Count(t => (t[bit / 8] >> (bit % 8) & 1) == 1).Should().BeInRange(405, 595, "bit {0} is one half of the time", bit);
        }
    }

    [Test]
    public void A_thousand_codes_are_spread_evenly()
    {
        var codes = Enumerable.Range(0, Many).Select(_ => SignInCodes.New()).ToList();

        codes.Should().OnlyContain(c => c.Length == 6 && c.All(char.IsAsciiDigit));
        codes.Distinct().Count().Should().BeGreaterThan(Many - 15, "of a million few meet");
        for (var place = 0; place < 6; place++)
        {
            foreach (var digit in "0123456789")
            {
                codes.Count(c => c[place] == digit).Should().BeInRange(40, 165, "{0} in place {1} is one of ten", digit, place);
            }
        }
    }
}
