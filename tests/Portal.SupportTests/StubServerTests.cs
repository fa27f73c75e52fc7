using Microsoft.AspNetCore.Http;
using Portal.TestSupport;

namespace Portal.SupportTests;

public sealed class StubServerTests
{
    [Test]
    public async Task It_answers_as_told_and_remembers_what_it_was_asked()
    {
        await using var server = await StubServer.StartAsync((request, response) => response.WriteAsync($"{request.Method} {request.Text}"));
        using var client = new HttpClient { BaseAddress = server.Address };

        using var answer = await client.PostAsync(new Uri("v1/things?page=2", UriKind.Relative), new StringContent("hello"));

        (await answer.Content.ReadAsStringAsync()).Should().Be("POST hello");
        server.Requests.Should().ContainSingle().Which.PathAndQuery.Should().Be("/v1/things?page=2");
    }
}
