// Subscriptions: woken by their own job, folded while nobody looks, gone when they end.

import Jobs
import Testing

@Suite struct ChangeFeedTests {
  let feed = ChangeFeed()
  let ids = TimeOrderedIDGenerator(clock: ManualClock())

  @Test func `a signal before the wait is not lost, and many fold into one`() async {
    let id = ids.next()
    let (changes, end) = feed.subscribe(to: id)
    for _ in 0..<10 { feed.signal(id) }
    feed.signal(ids.next())
    var iterator = changes.makeAsyncIterator()
    #expect(await iterator.next(isolation: nil) != nil)
    end()
    #expect(await iterator.next(isolation: nil) == nil)
  }

  @Test func `every subscriber of a job is woken, and none of another`() async {
    let (watched, other) = (ids.next(), ids.next())
    let watchers = (0..<5).map { _ in feed.subscribe(to: watched) }
    let bystander = feed.subscribe(to: other)
    feed.signal(watched)
    for watcher in watchers {
      var iterator = watcher.changes.makeAsyncIterator()
      #expect(await iterator.next(isolation: nil) != nil)
    }
    bystander.end()
    var iterator = bystander.changes.makeAsyncIterator()
    #expect(await iterator.next(isolation: nil) == nil)
  }

  @Test func `an ended subscription leaves nothing behind`() async {
    let id = ids.next()
    let subscriptions = (0..<3).map { _ in feed.subscribe(to: id) }
    #expect(feed.count == 3)
    for subscription in subscriptions { subscription.end() }
    #expect(feed.count == 0)
  }

  @Test func `a closed feed ends what waits, and whoever comes later does not wait at all`() async {
    let id = ids.next()
    let earlier = feed.subscribe(to: id)
    feed.close()
    let later = feed.subscribe(to: id)
    for subscription in [earlier, later] {
      var iterator = subscription.changes.makeAsyncIterator()
      #expect(await iterator.next(isolation: nil) == nil)
    }
    #expect(feed.count == 0)
  }

  @Test func `a cancelled task stops waiting and leaves nothing behind`() async {
    let id = ids.next()
    let (changes, _) = feed.subscribe(to: id)
    let task = Task {
      for await _ in changes {}
    }
    task.cancel()
    await task.value
    #expect(feed.count == 0)
  }
}
