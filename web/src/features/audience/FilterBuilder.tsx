import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '~/ui/IconButton';
import { IconPlus, IconX } from '~/ui/icons';
import { Select } from '~/ui/Select';
import { traitsQuery } from './api';
import type { Filter } from './contract';
import classes from './FilterBuilder.module.css';
import { canonical } from './filters';
import { RuleRow } from './RuleRow';
import { changed, emptyGroup, fromFilter, type Group, lineId, type Node, type Rule, toFilter } from './tree';

/** Groups in groups in groups are no longer read by anybody. */
const DEEPEST = 3;

const freshRule = (): Rule => ({ kind: 'tag', id: lineId(), not: false, tag: '' });

interface Props {
  filter: Filter | null;
  onChange: (filter: Filter | null) => void;
  /** Keeps saved segments out, where one of them is what is edited. */
  withoutSegments?: boolean;
}

/** Rules about tags, fields and what happened, joined by “and”, “or” and “not”. */
export function FilterBuilder({ filter, onChange, withoutSegments }: Props) {
  const told = useRef(canonical(filter));
  const begin = () => {
    const group = fromFilter(filter);
    return group.items.length > 0 ? group : { ...group, items: [freshRule()] };
  };
  const [root, setRoot] = useState<Group>(begin);
  // What somebody else changed meanwhile is shown; what came back from here is not drawn anew.
  const now = canonical(filter);
  if (now !== told.current) {
    told.current = now;
    setRoot(begin());
  }
  const put = (next: Group) => {
    setRoot(next);
    const made = toFilter(next);
    told.current = canonical(made);
    onChange(made);
  };
  return (
    <GroupBox
      group={root}
      depth={1}
      withoutSegments={withoutSegments}
      onGroup={put}
      onNode={(id, change) => put(changed(root, id, change))}
    />
  );
}

interface GroupProps {
  group: Group;
  depth: number;
  withoutSegments?: boolean;
  onGroup: (group: Group) => void;
  onNode: (id: string, change: (node: Node) => Node | null) => void;
  onRemove?: () => void;
}

function GroupBox({ group, depth, withoutSegments, onGroup, onNode, onRemove }: GroupProps) {
  const { t } = useTranslation();
  const { data: traits } = useQuery(traitsQuery);
  const add = (node: Node) => onGroup({ ...group, items: [...group.items, node] });
  const mode = group.not ? `not_${group.join}` : group.join;
  return (
    <fieldset className={classes.group} data-depth={depth}>
      <legend className="visually-hidden">{t('audience.group')}</legend>
      <div className={classes.head}>
        <Select
          bare
          label={t('audience.join')}
          value={mode}
          choices={(['all', 'any', 'not_all', 'not_any'] as const).map((value) => ({
            value,
            text: t(`audience.joins.${value}`),
          }))}
          onChange={(value) =>
            onGroup({ ...group, join: value.endsWith('any') ? 'any' : 'all', not: value.startsWith('not_') })
          }
        />
        {onRemove ? (
          <IconButton label={t('audience.removeGroup')} size={32} onClick={onRemove}>
            <IconX size={16} strokeWidth={1.75} aria-hidden="true" />
          </IconButton>
        ) : null}
      </div>
      <ul className={classes.rows}>
        {group.items.map((node, index) => (
          <li key={node.id} className={classes.row}>
            <span className={classes.join} aria-hidden="true">
              {index === 0 ? '' : t(`audience.joinWord.${group.join}`)}
            </span>
            {node.kind === 'group' ? (
              <GroupBox
                group={node}
                depth={depth + 1}
                withoutSegments={withoutSegments}
                onGroup={(next) => onNode(node.id, () => next)}
                onNode={onNode}
                onRemove={() => onNode(node.id, () => null)}
              />
            ) : (
              <RuleRow
                rule={node}
                traits={traits ?? []}
                withoutSegments={withoutSegments}
                onChange={(next) => onNode(node.id, () => next)}
                onRemove={group.items.length > 1 || depth > 1 ? () => onNode(node.id, () => null) : undefined}
              />
            )}
          </li>
        ))}
      </ul>
      <div className={classes.adds}>
        <button type="button" className={classes.add} onClick={() => add(freshRule())}>
          <IconPlus size={14} strokeWidth={2} aria-hidden="true" />
          {t('audience.addRule')}
        </button>
        {depth < DEEPEST ? (
          <button
            type="button"
            className={classes.add}
            onClick={() => add(emptyGroup(group.join === 'all' ? 'any' : 'all', [freshRule()]))}
          >
            <IconPlus size={14} strokeWidth={2} aria-hidden="true" />
            {t('audience.addGroup')}
          </button>
        ) : null}
      </div>
    </fieldset>
  );
}
