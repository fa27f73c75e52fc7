using System.Text.Json;
using Microsoft.Playwright;

namespace Portal.BrowserTests;

/// <summary>A device that makes passkeys and unlocks itself, built into Chromium for tests.</summary>
internal sealed class VirtualDevice
{
    private readonly ICDPSession session;
    private readonly string id;

    private VirtualDevice(ICDPSession session, string id) => (this.session, this.id) = (session, id);

    public static async Task<VirtualDevice> AddAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable");
        var added = await session.SendAsync(
            "WebAuthn.addVirtualAuthenticator",
            new()
            {
                ["options"] = new Dictionary<string, object>
                {
                    ["protocol"] = "ctap2",
                    ["ctap2Version"] = "ctap2_1",
                    ["transport"] = "internal",
                    ["hasResidentKey"] = true,
                    ["hasUserVerification"] = true,
                    ["isUserVerified"] = true,
                    ["automaticPresenceSimulation"] = true,
                },
            }
        );
        return new VirtualDevice(session, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    /// <summary>Whether somebody touches it as soon as it is asked.</summary>
    public Task TouchAsync(bool enabled) => SendAsync("WebAuthn.setAutomaticPresenceSimulation", ("enabled", enabled));

    /// <summary>Whether finger, face or PIN are the right ones.</summary>
    public Task KnowAsync(bool isUserVerified) => SendAsync("WebAuthn.setUserVerified", ("isUserVerified", isUserVerified));

    /// <summary>How many passkeys it holds.</summary>
    public async Task<int> CountAsync() => (await SendAsync("WebAuthn.getCredentials"))!.Value.GetProperty("credentials").GetArrayLength();

    private Task<JsonElement?> SendAsync(string method, params (string Name, object Value)[] arguments) =>
        session.SendAsync(method, arguments.Append(("authenticatorId", id)).ToDictionary(a => a.Item1, a => a.Item2));
}
