using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Tests.Support;

/// <summary>A passkey of a device that is a piece of software: answers as a browser and its authenticator do, and wrongly where a test says so.</summary>
internal sealed record SoftwarePasskey
{
    private const byte UserPresent = 0x01;
    private const byte UserVerified = 0x04;
    private const byte HasCredential = 0x40;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] CredentialId { get; init; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>Where the browser says it is.</summary>
    public string Origin { get; init; } = PortalUnderTest.ShopUrl;

    /// <summary>Whom the device says it answers; what it was asked for when null.</summary>
    public string? Domain { get; init; }

    /// <summary>Whether a page of another site asked.</summary>
    public bool CrossOrigin { get; init; }

    /// <summary>The site around the page that asked.</summary>
    public string? TopOrigin { get; init; }

    /// <summary>What the browser says was done; the right thing when null.</summary>
    public string? Type { get; init; }

    public bool IsPresent { get; init; } = true;
    public bool IsVerified { get; init; } = true;

    /// <summary>Changes a bit of the signature.</summary>
    public bool IsForged { get; init; }

    /// <summary>Signs its own making instead of saying nothing about it.</summary>
    public bool IsPacked { get; init; }

    /// <summary>Of the next answer; it does not go up by itself.</summary>
    public uint Count { get; init; }

    /// <summary>Whose it is, as told when it was made. Given along with every answer.</summary>
    public string? Handle { get; init; }

    /// <summary>Makes it: the answer for the portal, and the passkey that knows whose it is.</summary>
    public (string Answer, SoftwarePasskey Passkey) Create(JsonElement options)
    {
        var data = ClientData(options, "webauthn.create");
        var authenticator = AuthenticatorData(options.GetProperty("rp").GetProperty("id").GetString()!, withCredential: true);
        var answer = Answer(
            new JsonObject
            {
                ["clientDataJSON"] = Base64Url.EncodeToString(data),
                ["attestationObject"] = Base64Url.EncodeToString(Attestation(authenticator, data)),
                ["transports"] = new JsonArray("internal", "hybrid", "pigeon post"),
            }
        );
        return (answer, this with { Handle = options.GetProperty("user").GetProperty("id").GetString() });
    }

    /// <summary>Uses it.</summary>
    public string Get(JsonElement options)
    {
        var data = ClientData(options, "webauthn.get");
        var authenticator = AuthenticatorData(options.GetProperty("rpId").GetString()!, withCredential: false);
        var signature = Sign(authenticator, data);
        if (IsForged)
        {
            signature[^1] ^= 1;
        }

        return Answer(
            new JsonObject
            {
                ["clientDataJSON"] = Base64Url.EncodeToString(data),
                ["authenticatorData"] = Base64Url.EncodeToString(authenticator),
                ["signature"] = Base64Url.EncodeToString(signature),
                ["userHandle"] = Handle,
            }
        );
    }

    private string Answer(JsonObject response) =>
        new JsonObject
        {
            ["id"] = Base64Url.EncodeToString(CredentialId),
            ["rawId"] = Base64Url.EncodeToString(CredentialId),
            ["type"] = "public-key",
            ["clientExtensionResults"] = new JsonObject(),
            ["response"] = response,
        }.ToJsonString();

    private byte[] ClientData(JsonElement options, string type)
    {
        var data = new JsonObject
        {
            ["type"] = Type ?? type,
            ["challenge"] = options.GetProperty("challenge").GetString(),
            ["origin"] = Origin,
            ["crossOrigin"] = CrossOrigin,
        };
        if (TopOrigin is not null)
        {
            data["topOrigin"] = TopOrigin;
        }

        return Encoding.UTF8.GetBytes(data.ToJsonString());
    }

    private byte[] AuthenticatorData(string domain, bool withCredential)
    {
        var flags = (byte)((IsPresent ? UserPresent : 0) | (IsVerified ? UserVerified : 0) | (withCredential ? HasCredential : 0));
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, Count);
        byte[] head = [.. SHA256.HashData(Encoding.UTF8.GetBytes(Domain ?? domain)), flags, .. count];
        if (!withCredential)
        {
            return head;
        }

        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)CredentialId.Length);
        return [.. head, .. new byte[16], .. length, .. CredentialId, .. PublicKey()];
    }

    private byte[] PublicKey()
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(5);
        foreach (var (name, value) in ((int, int)[])[(1, 2), (3, -7), (-1, 1)])
        {
            writer.WriteInt32(name);
            writer.WriteInt32(value);
        }

        writer.WriteInt32(-2);
        writer.WriteByteString(point.X!);
        writer.WriteInt32(-3);
        writer.WriteByteString(point.Y!);
        writer.WriteEndMap();
        return writer.Encode();
    }

    private byte[] Attestation(byte[] authenticator, byte[] clientData)
    {
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(3);
        writer.WriteTextString("fmt");
        writer.WriteTextString(IsPacked ? "packed" : "none");
        writer.WriteTextString("attStmt");
        writer.WriteStartMap(IsPacked ? 2 : 0);
        if (IsPacked)
        {
            writer.WriteTextString("alg");
            writer.WriteInt32(-7);
            writer.WriteTextString("sig");
            writer.WriteByteString(Sign(authenticator, clientData));
        }

        writer.WriteEndMap();
        writer.WriteTextString("authData");
        writer.WriteByteString(authenticator);
        writer.WriteEndMap();
        return writer.Encode();
    }

    private byte[] Sign(byte[] authenticator, byte[] clientData) =>
        key.SignData([.. authenticator, .. SHA256.HashData(clientData)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
}

/// <summary>What people do with passkeys, through the portal's own pages.</summary>
internal static class PasskeyDeeds
{
    public const string Buyers = "/profile/security/passkeys";
    public const string Merchants = "/admin/security/passkeys";

    /// <summary>Asks for what a device is to make or prove.</summary>
    /// <param name="browser">Whose.</param>
    /// <param name="path">Where the options are made.</param>
    /// <param name="token">The anti-forgery token of a page of hers.</param>
    public static async Task<(string Challenge, JsonElement Options)> OptionsAsync(this Browser browser, string path, string token)
    {
        var answer = await browser.PostAsync(path + "/options", [new(Browser.TokenField, token)]);
        answer.Code.Should().Be(200, "{0}", answer);
        answer.Header("Content-Type").Should().StartWith("application/json");
        var json = JsonDocument.Parse(answer.Bytes).RootElement;
        return (json.GetProperty("challenge").GetString()!, json.GetProperty("options"));
    }

    /// <summary>The anti-forgery token of the page for adding one.</summary>
    public static async Task<string> AddTokenAsync(this Browser browser, string path) =>
        Browser.Read(await browser.GetAsync(path + "/new"), "form[data-passkey=create]").Fields[Browser.TokenField];

    /// <summary>The anti-forgery token of the page for signing in.</summary>
    public static async Task<string> SignInTokenAsync(this Browser browser, string path) =>
        // Who is signed in already is sent on, unless she was sent here.
        Browser.Read(await browser.GetAsync(path + "?returnTo=%2Forders")).Fields[Browser.TokenField];

    /// <summary>Sends what a device answered.</summary>
    public static Task<Answer> AnswerAsync(
        this Browser browser,
        string path,
        string token,
        string challenge,
        string credential,
        params (string Name, string Value)[] more
    ) =>
        browser.PostAsync(
            path,
            [
                new(Browser.TokenField, token),
                new("Challenge", challenge),
                new("Credential", credential),
                .. more.Select(m => KeyValuePair.Create(m.Name, m.Value)),
            ]
        );

    /// <summary>Adds a passkey to the account of whoever is signed in.</summary>
    public static async Task<SoftwarePasskey> AddPasskeyAsync(
        this Browser browser,
        string path = Buyers,
        string label = "Test device",
        SoftwarePasskey? device = null
    )
    {
        var token = await browser.AddTokenAsync(path);
        var (challenge, options) = await browser.OptionsAsync(path, token);
        var (answer, passkey) = (device ?? new SoftwarePasskey()).Create(options);
        var done = await browser.AnswerAsync(path + "/new", token, challenge, answer, ("Label", label));
        done.Location.Should().Be(path.Replace("/passkeys", "?passkey=added#passkeys", StringComparison.Ordinal), "{0}", done);
        return passkey;
    }

    /// <summary>Signs in with a passkey, or tries to.</summary>
    public static async Task<Answer> UsePasskeyAsync(
        this Browser browser,
        SoftwarePasskey passkey,
        string door = "/sign-in",
        params (string Name, string Value)[] more
    )
    {
        var token = await browser.SignInTokenAsync(door);
        var (challenge, options) = await browser.OptionsAsync(door + "/passkey", token);
        return await browser.AnswerAsync(door + "/passkey", token, challenge, passkey.Get(options), more);
    }
}
