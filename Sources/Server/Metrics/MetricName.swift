/// The names of what is counted, and what they mean.
enum MetricName {
    static let requests = "conifer_requests_total"
    static let turns = "conifer_turns_total"
    static let promptTokens = "conifer_prompt_tokens_total"
    static let cachedTokens = "conifer_cached_prompt_tokens_total"
    static let completionTokens = "conifer_completion_tokens_total"
    static let firstTokenSeconds = "conifer_time_to_first_token_seconds"
    static let queueSeconds = "conifer_queue_seconds"
    static let queuedTurns = "conifer_queued_turns"
    static let runningTurns = "conifer_running_turns"
    static let loads = "conifer_loads_total"
    static let loadSeconds = "conifer_load_seconds"
    static let swaps = "conifer_swaps_total"
    static let swapSeconds = "conifer_swap_seconds"
    static let drains = "conifer_drains_total"
    static let drainSeconds = "conifer_drain_seconds"
    static let unloads = "conifer_unloads_total"
    static let residentBytes = "conifer_resident_bytes"
    /// Prometheus' own name for it.
    static let processBytes = "process_resident_memory_bytes"

    static let descriptions = [
        MetricDescription(name: requests, help: "Requests answered, by route, method and status."),
        MetricDescription(name: turns, help: "Turns that are over, by model and how they ended."),
        MetricDescription(name: promptTokens, help: "Tokens of prompts, those from the KV cache included."),
        MetricDescription(name: cachedTokens, help: "Tokens of prompts that came from the KV cache."),
        MetricDescription(name: completionTokens, help: "Tokens generated, also of answers that were not finished."),
        MetricDescription(
            name: firstTokenSeconds, help: "From a turn's request to its first token, queue and load included.",
            buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]),
        MetricDescription(name: queueSeconds, help: "From a turn's request to its lease.", buckets: waits),
        MetricDescription(name: queuedTurns, help: "Turns that wait now."),
        MetricDescription(name: runningTurns, help: "Turns that run now."),
        MetricDescription(name: loads, help: "Loads, by model and outcome: loaded, failed, abandoned, refused."),
        MetricDescription(name: loadSeconds, help: "How long loads took.", buckets: waits),
        MetricDescription(name: swaps, help: "Times that one model took another's place."),
        MetricDescription(
            name: swapSeconds, help: "How long swaps took: drain, unload and load together.", buckets: waits),
        MetricDescription(name: drains, help: "Swaps that had to wait for running turns."),
        MetricDescription(name: drainSeconds, help: "How long they waited.", buckets: waits),
        MetricDescription(name: unloads, help: "Unloads, by model and reason."),
        MetricDescription(
            name: residentBytes, help: "What the resident model may take: weights, full KV cache and scratch."),
        MetricDescription(name: processBytes, help: "Memory of this process that is in RAM, mapped weights included."),
    ]

    private static let waits = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300]
}
