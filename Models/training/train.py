"""Trains one model: `python train.py larch --minutes 40 --out build/larch`, on the CPU or with `--device cuda`."""
import argparse
import copy
import math
import os
import random
import time

import torch
import torch.nn.functional as F

import corpus
from architecture import SHAPES, Transformer
from bpe import Tokenizer
from bpe import train as train_bpe
from chat import training_ids
from optimizer import Muon
from personas import PERSONAS

TOKENIZER_DIALOGUES = 30_000


def tokenizer_for(name: str, path: str) -> Tokenizer:
    """The persona's tokeniser, trained on its own dialogues when there is none yet."""
    if not os.path.exists(path):
        persona, rng = PERSONAS[name], random.Random(7)
        texts = []
        for _ in range(TOKENIZER_DIALOGUES):
            d = corpus.dialogue(rng, persona)
            texts += [f"system\n{d.system}\n"] if d.system else []
            for e in d.exchanges:
                texts += [f"user\n{e.user}", "\n", "assistant\n", e.answer]
        merges = train_bpe(texts, persona.pre_tokenizer, SHAPES[name].vocabulary)
        Tokenizer(merges, persona.pre_tokenizer).save(path)
    return Tokenizer.load(path)


def batches(name: str, tokenizer: Tokenizer, seed: int, tokens: int, longest: int):
    """Endless batches (ids, targets, mask) of whole dialogues of like length, at most `tokens` ids each with padding.

    A dialogue always begins at position 0 and attends to nothing but itself; padding comes after it and is not learnt.
    """
    rng, persona, pad = random.Random(seed), PERSONAS[name], tokenizer.control["<|endoftext|>"]
    while True:
        pool = []
        while len(pool) < 2000:
            ids, learn = training_ids(tokenizer, corpus.dialogue(rng, persona))
            if len(ids) <= longest:
                pool.append((ids, learn))
        pool.sort(key=lambda d: len(d[0]))
        cuts, batch = [], []
        for d in pool:
            if batch and (len(batch) + 1) * len(d[0]) > tokens:
                cuts.append(batch)
                batch = []
            batch.append(d)
        cuts.append(batch)
        rng.shuffle(cuts)
        for batch in cuts:
            length = max(len(ids) for ids, _ in batch)
            ids = torch.tensor([i + [pad] * (length - len(i)) for i, _ in batch])
            mask = torch.tensor([m + [False] * (length - len(m)) for _, m in batch])
            yield ids[:, :-1], ids[:, 1:], mask[:, 1:]


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("name", choices=SHAPES)
    p.add_argument("--out", required=True)
    p.add_argument("--minutes", type=float, default=40, help="the cosine schedule ends after this much time")
    p.add_argument("--tokens", type=int, default=4096, help="ids in a batch")
    p.add_argument("--longest", type=int, default=1024, help="longer dialogues are left out")
    p.add_argument("--lr", type=float, default=0.01, help="of Muon; AdamW's is a fifth")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--device", default="cpu")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--float32", action="store_true", help="no bfloat16 arithmetic")
    p.add_argument("--start", help="weights to go on from")
    o = p.parse_args()
    torch.set_num_threads(o.threads)
    torch.manual_seed(o.seed)
    os.makedirs(o.out, exist_ok=True)
    tokenizer = tokenizer_for(o.name, f"{o.out}/tokenizer.json")
    model = Transformer(SHAPES[o.name]).to(o.device)
    if o.start:
        model.load_state_dict(torch.load(o.start, weights_only=True))
    average = copy.deepcopy(model)
    matrices = [q for n, q in model.named_parameters() if q.dim() == 2 and "embd" not in n]
    others = [q for n, q in model.named_parameters() if q.dim() != 2 or "embd" in n]
    optimizers = [Muon(matrices, o.lr), torch.optim.AdamW(others, o.lr / 5, betas=(0.9, 0.98), weight_decay=0.01)]
    base = [g["lr"] for opt in optimizers for g in opt.param_groups]
    print(f"{o.name}: {sum(q.numel() for q in model.parameters()):,} parameters", flush=True)

    start, step, seen, running, last_save = time.time(), 0, 0, None, time.time()
    for ids, targets, mask in batches(o.name, tokenizer, o.seed, o.tokens, o.longest):
        done = (time.time() - start) / (60 * o.minutes)
        if done >= 1:
            break
        scale = min(1, (step + 1) / 40) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
        for g, lr in zip([g for opt in optimizers for g in opt.param_groups], base):
            g["lr"] = lr * scale
        ids, targets, mask = ids.to(o.device), targets.to(o.device), mask.to(o.device)
        with torch.autocast(o.device, torch.bfloat16, enabled=not o.float32):
            logits = model.logits(model.hidden(ids)[mask])
        loss = F.cross_entropy(logits.float(), targets[mask])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(others, 1.0)
        for opt in optimizers:
            opt.step()
            opt.zero_grad(set_to_none=True)
        decay = min(0.995, step / (step + 20))
        with torch.no_grad():
            for a, q in zip(average.parameters(), model.parameters()):
                a.lerp_(q, 1 - decay)
        step, seen = step + 1, seen + ids.numel()
        running = loss.item() if running is None else 0.98 * running + 0.02 * loss.item()
        if step % 50 == 0:
            print(f"step {step}  {seen / 1e6:.2f}M ids  {time.time() - start:.0f} s  loss {running:.4f}", flush=True)
        if time.time() - last_save > 60:
            torch.save(average.state_dict(), f"{o.out}/weights.pt")
            last_save = time.time()
    torch.save(average.state_dict(), f"{o.out}/weights.pt")
    print(f"done: {step} steps, {seen:,} ids, {time.time() - start:.0f} s, loss {running:.4f}", flush=True)


if __name__ == "__main__":
    main()
