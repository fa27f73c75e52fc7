using Portal.Simulator.Engine;

namespace Portal.SimulatorTests;

public sealed class BooksTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_change_that_fails_is_undone_wholly()
    {
        using var books = new Books(new Journal(null), new BooksClock(new StandingClock(Noon)), new StandardWebhooks());
        var things = books.Add<Thing>("thing", "things");
        books.Listened = true;
        books.Change(() => books.Put(things, new Thing { Id = "a", Name = "first" }, "thing.created"));

        var failing = () =>
            books.Change<Thing>(() =>
            {
                books.Put(things, new Thing { Id = "a", Name = "second" }, "thing.updated");
                books.Put(things, new Thing { Id = "b", Name = "new" }, "thing.created");
                throw new IOException("full");
            });

        failing.Should().Throw<IOException>();
        things.All.Select(one => one.Name).Should().Equal("first");
        things.ReadPage(DateTimeOffset.MinValue, null, 10).Data.Should().ContainSingle();
        books.Events.Select(one => one.Type).Should().Equal("thing.created");
    }

    [Test]
    public void A_part_that_is_refused_leaves_the_rest_of_the_change()
    {
        using var books = new Books(new Journal(null), new BooksClock(new StandingClock(Noon)), new StandardWebhooks());
        var things = books.Add<Thing>("thing", "things");
        books.Change(() =>
        {
            books.Put(things, new Thing { Id = "kept" }, null);
            var part = () =>
                books.Change<Thing>(() =>
                {
                    books.Put(things, new Thing { Id = "refused" }, null);
                    throw new Refusal(402, "no", "No.");
                });
            part.Should().Throw<Refusal>();
            return 0;
        });
        things.All.Select(one => one.Id).Should().Equal("kept");
    }

    [Test]
    public void Every_version_is_newer_even_when_the_clock_stands()
    {
        using var books = new Books(new Journal(null), new BooksClock(new StandingClock(Noon)), new StandardWebhooks());
        var things = books.Add<Thing>("thing", "things");
        var stamps = new List<DateTimeOffset>();
        foreach (var id in new[] { "a", "b", "a", "a" })
            books.Change(() =>
            {
                stamps.Add(books.Put(things, new Thing { Id = id }, null).UpdatedAt);
                books.At(Noon, () => stamps.Add(books.Put(things, new Thing { Id = id }, null).UpdatedAt));
                return 0;
            });
        stamps.Where((_, index) => index / 2 != 1).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    [Test]
    public void Pages_together_are_the_list()
    {
        using var books = new Books(new Journal(null), new BooksClock(new StandingClock(Noon)), new StandardWebhooks());
        var things = books.Add<Thing>("thing", "things");
        books.Change(() =>
        {
            for (var number = 0; number < 25; number++)
                books.At(Noon.AddMinutes(number / 10), () => books.Put(things, new Thing { Id = books.NextId("thing") }, null));
            return 0;
        });
        var read = new List<string>();
        string? after = null;
        do
        {
            var page = things.ReadPage(Noon.AddMinutes(1), after, 4);
            page.Data.Count.Should().BeInRange(1, 4);
            read.AddRange(page.Data.Select(one => one.Id));
            after = page.Next;
        } while (after is not null);
        read.Should().Equal(things.All.Skip(10).Select(one => one.Id));
    }

    private sealed record Thing : Resource
    {
        public override string Object => "thing";

        public string? Name { get; init; }
    }
}
