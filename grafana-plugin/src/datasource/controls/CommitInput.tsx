// A text field that speaks when one has finished: on Enter, or on leaving it.
import { Input } from '@grafana/ui';
import React, { useState } from 'react';

interface CommitInputProps {
  id?: string;
  label?: string;
  value: string;
  placeholder: string;
  /** In units of the grid. */
  width: number;
  onCommit: (value: string) => void;
}

export function CommitInput({ id, label, value, placeholder, width, onCommit }: CommitInputProps) {
  // Null while nobody is typing: then the value may change from outside.
  const [draft, setDraft] = useState<string | null>(null);
  const commit = () => {
    if (draft !== null && draft !== value) {
      onCommit(draft);
    }
    setDraft(null);
  };
  return (
    <Input
      id={id}
      aria-label={label}
      value={draft ?? value}
      placeholder={placeholder}
      width={width}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}
