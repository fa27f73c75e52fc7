namespace Portal.HouseTests;

/// <summary>A case the portal must withstand.</summary>
/// <param name="Id">Group and number.</param>
/// <param name="Title">What it is about.</param>
/// <param name="Open">What is still missing, and why; null when the tests show all of it.</param>
internal sealed record SecurityCase(string Id, string Title, string? Open = null);

/// <summary>The cases, and what of them still waits. Everything else in the table of docs/security.md comes from the tests.</summary>
internal static class SecurityCases
{
    public static readonly IReadOnlyList<SecurityCase> All =
    [
        new("S1", "Nobody learns from an answer who is a customer"),
        new("S2", "Nor from how long it takes", "2,000 requests a class are measured by ./build.sh bench, not by a test"),
        new("S3", "Mail scanners and previews use nothing up"),
        new("S4", "Links that are dead all look alike"),
        new("S5", "One link, one session"),
        new("S6", "Guessing is slow, and locks nobody out"),
        new("S7", "A made-up host or proxy header reaches no link"),
        new("S8", "The way back stays here, the token stays secret", "the server API's return address, which comes with that API"),
        new("S9", "One address is one customer, however it is written"),
        new("E1", "The cookie is this host's alone and new at every sign-in"),
        new("E2", "A session ends on the server"),
        new("E3", "No other site can press a button", "requests another site's page sends with a right token"),
        new("E4", "Every answer carries its guards", "answers 401, which nothing gives yet"),
        new("Z1", "Another's thing is not there", "the time of both answers is measured by ./build.sh bench, not by a test"),
        new("Z2", "A form changes what it offers and nothing else"),
        new("Z3", "The merchant's area is closed"),
        new("Z4", "The server API", "the API is not built yet"),
        new(
            "Z5",
            "Pressed twenty times at once, done once",
            "changing the plan, paying again and coming back from the processor, which are not built yet"
        ),
        new("W1", "Signatures"),
        new("W2", "Timestamps"),
        new("W3", "No secret, no endpoint"),
        new(
            "W4",
            "The wrong account, the wrong amount",
            "a second payment for an order that is paid already is shown as it was told; flagging it waits for the merchant's page of orders"
        ),
        new("W5", "The same delivery again"),
        new("W6", "Deliveries in any order"),
        new("W7", "Hostile bodies"),
        new("W8", "Unreadable, unknown, poisonous"),
        new("I1", "Too large, too long, too many", "lists of a million rows, and the JSON of the server API, which is not built yet"),
        new("I2", "Markup and strange letters stay text", "the server API"),
        new("I3", "The invoice's PDF is no browser"),
        new("I4", "Exports hold no formulas", "the billing history's export and one of a million rows, which come with it"),
        new("I5", "Tax ids and the check outside"),
        new("K1", "Nothing secret can be read at rest"),
        new("K2", "Nothing secret is ever said"),
        new(
            "K3",
            "Versions, pragmas and file modes",
            "./build.sh test asks the registry for known vulnerabilities, and the one used here carries no such data"
        ),
    ];
}
