"""Pure rules that desk and back office share: deadlines, number checks, folding of what people type."""
